// What a teacher makes of an alert: sent to the server, and taken back on request.

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {{alert: string, verdict: string, note?: string}} Review
 */

export class Reviews {
  /**
   * @param {(event: "review", payload: Review) => Promise<{alert: Alert}>} request
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(alert: Alert, before: Alert) => void} onDone
   * @param {(problem: unknown) => void} onProblem
   * @param {(alert: Alert) => void} [onUndone]
   */
  constructor(request, live, onDone, onProblem, onUndone = () => {}) {
    this.request = request;
    this.live = live;
    this.onDone = onDone;
    this.onProblem = onProblem;
    this.onUndone = onUndone;
    /** @type {Alert[]} as they were before, the last one at the end */
    this.done = [];
  }

  /**
   * @param {string} id
   * @param {string} verdict
   * @param {string} [note]
   */
  async give(id, verdict, note) {
    const before = this.live.alerts.get(id);
    if (!before || (before.verdict === verdict && (note === undefined || note === before.note))) return;
    const after = await this.send({ alert: id, verdict, ...(note === undefined ? {} : { note }) });
    if (!after) return;
    // A note alone is no verdict: there is nothing to take back but what was typed.
    if (before.verdict !== verdict) this.done.push(before);
    this.onDone(after, before);
  }

  /**
   * Take a verdict back; a note that came with it stays.
   * @param {Alert} [before] the alert as it was before the verdict; the last one where none is named
   */
  async undo(before = this.done.at(-1)) {
    if (!before || !this.done.includes(before)) return;
    this.done = this.done.filter((one) => one !== before);
    const after = await this.send({ alert: before.id, verdict: before.verdict });
    if (after) this.onUndone(after);
    else this.done.push(before);
  }

  /**
   * @param {Review} review
   * @returns {Promise<Alert | null>} the alert as it is now, or null when the server did not take it
   */
  async send(review) {
    try {
      const { alert } = await this.request("review", review);
      this.live.setAlert(alert);
      return alert;
    } catch (problem) {
      this.onProblem(problem);
      return null;
    }
  }
}
