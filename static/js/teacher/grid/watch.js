// Tells the server whose pictures are on the screen, soon after that changes and not oftener than needed.

export const SETTLE_MS = 150;
const MOST = 49;

export class Watch {
  /** @param {(event: "watch", payload: {participants: string[], focus: string | null}) => Promise<unknown>} request */
  constructor(request) {
    this.request = request;
    /** @type {string[]} */
    this.participants = [];
    /** @type {string[]} */
    this.waiting = [];
    /** @type {string | null} */
    this.focus = null;
    this.hidden = false;
    this.sent = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string[]} ids of the tiles that can be seen */
  show(ids) {
    this.participants = ids.slice(0, MOST);
    this.settle();
  }

  /** @param {string[]} ids of the rows of the waiting room that can be seen */
  showWaiting(ids) {
    this.waiting = ids;
    this.settle();
  }

  /** @param {string | null} id of the student in the large view */
  setFocus(id) {
    this.focus = id;
    this.settle();
  }

  /** @param {boolean} hidden nobody looks at this page: no pictures are needed */
  setHidden(hidden) {
    this.hidden = hidden;
    this.settle();
  }

  /** Say it again: the server forgot what a connection watched when it broke. */
  again() {
    this.sent = "";
    this.send();
  }

  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SETTLE_MS);
  }

  send() {
    clearTimeout(this.timer);
    const payload = this.hidden
      ? { participants: [], focus: null }
      : { participants: [...new Set([...this.participants, ...this.waiting])].slice(0, MOST), focus: this.focus };
    const text = JSON.stringify(payload);
    if (text === this.sent) return;
    this.sent = text;
    this.request("watch", payload).catch(() => {
      // Not connected: `again` says it after the reconnect.
      if (this.sent === text) this.sent = "";
    });
  }
}
