// What a teacher makes of an incident: sent to the server for all its alerts, and taken back on request.

import { makeIncident } from "./incidents.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {{incident: string, verdict?: string, note?: string, seen_until?: number}} Review
 * @typedef {{incidents: string[], verdict: string}} ReviewAlike
 * @typedef {{alert: string, verdict: string}} ReviewOfOne
 */

export class Reviews {
  /**
   * @param {(event: "review_incident" | "review_incidents" | "review", payload: Review | ReviewAlike | ReviewOfOne) => Promise<{alerts: Alert[]} | {alert: Alert}>} request
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(after: Incident, before: Incident, isJudged: boolean) => void} onDone `isJudged`: a verdict was given, not a note alone
   * @param {(problem: unknown) => void} onProblem
   * @param {(incident: Incident) => void} [onUndone]
   */
  constructor(request, live, onDone, onProblem, onUndone = () => {}) {
    this.request = request;
    this.live = live;
    this.onDone = onDone;
    this.onProblem = onProblem;
    this.onUndone = onUndone;
    /** @type {Incident[]} as they were before, the last one at the end */
    this.done = [];
  }

  /**
   * @param {string} id of the incident
   * @param {string | null} verdict null where only the note changes
   * @param {string} [note]
   */
  async give(id, verdict, note) {
    const before = this.live.incident(id);
    const isSame = !before || verdict === null || before.alerts.every((alert) => alert.verdict === verdict);
    if (!before || (isSame && note === undefined)) return;
    const isSent = await this.send("review_incident", {
      incident: id,
      ...(isSame ? {} : { verdict: verdict ?? "" }),
      ...(note === undefined ? {} : { note }),
      // What comes while the key is pressed is not judged unseen.
      seen_until: before.until,
    });
    const after = isSent && this.live.incident(id);
    if (!after) return;
    // A note alone is no verdict: there is nothing to take back but what was typed.
    if (!isSame) this.done.push(before);
    this.onDone(after, before, !isSame);
  }

  /** Give several incidents of the same kind one verdict. @param {string[]} ids @param {string} verdict */
  async giveAlike(ids, verdict) {
    const before = ids.map((id) => this.live.incident(id)).filter((one) => one !== null);
    const isSent = await this.send("review_incidents", { incidents: ids, verdict });
    if (isSent) this.done.push(...before);
    return isSent;
  }

  /**
   * Take a verdict back: every alert has again the one that it had. A note that came with it stays.
   * @param {Incident} [before] the incident as it was before the verdict; the last one where none is named
   */
  async undo(before = this.done.at(-1)) {
    if (!before || !this.done.includes(before)) return;
    this.done = this.done.filter((one) => one !== before);
    if (await this.restore(before)) this.onUndone(makeIncident(before.alerts.map((alert) => this.live.alerts.get(alert.id) ?? alert)));
    else this.done.push(before);
  }

  /** @param {Incident} before */
  async restore({ id, alerts, until }) {
    const verdict = alerts[0].verdict;
    if (!(await this.send("review_incident", { incident: id, verdict, seen_until: until }))) return false;
    for (const one of alerts.filter((alert) => alert.verdict !== verdict)) {
      if (!(await this.send("review", { alert: one.id, verdict: one.verdict }))) return false;
    }
    return true;
  }

  /**
   * @param {"review_incident" | "review_incidents" | "review"} event
   * @param {Review | ReviewAlike | ReviewOfOne} review
   * @returns {Promise<boolean>} whether the server took it
   */
  async send(event, review) {
    try {
      const answer = await this.request(event, review);
      this.live.addAlerts("alerts" in answer ? answer.alerts : [answer.alert]);
      return true;
    } catch (problem) {
      this.onProblem(problem);
      return false;
    }
  }
}
