// Tells the server whose pictures are on the screen, soon after that changes and not oftener than needed.

export const SETTLE_MS = 150;
/** The server takes no more of each. */
const MOST = 200;
const MOST_CLOSE = 8;

export class Watch {
  /** @param {(event: "watch", payload: {participants: string[], close: string[], focus: string | null}) => Promise<unknown>} request */
  constructor(request) {
    this.request = request;
    /** @type {string[]} */
    this.participants = [];
    /** @type {string[]} */
    this.waiting = [];
    /** @type {string[]} */
    this.urgent = [];
    /** @type {string | null} */
    this.previewed = null;
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

  /** @param {string[]} ids of those who need somebody now, and are shown larger */
  showUrgent(ids) {
    this.urgent = ids;
    this.settle();
  }

  /** @param {string | null} id of the student under the pointer */
  setPreview(id) {
    this.previewed = id;
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

  wanted() {
    if (this.hidden) return { participants: [], close: [], focus: null };
    const close = [this.previewed, ...this.urgent, ...this.waiting].filter((id) => id !== null);
    return {
      participants: [...new Set([...this.participants, ...this.waiting])].slice(0, MOST),
      close: [...new Set(close)].slice(0, MOST_CLOSE),
      focus: this.focus,
    };
  }

  send() {
    clearTimeout(this.timer);
    const payload = this.wanted();
    const text = JSON.stringify(payload);
    if (text === this.sent) return;
    this.sent = text;
    this.request("watch", payload).catch(() => {
      // Not connected: `again` says it after the reconnect.
      if (this.sent === text) this.sent = "";
    });
  }
}
