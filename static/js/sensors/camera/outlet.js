// One numbered stream of live readings to the server: never more under way than can be answered, and nothing twice.

/** @typedef {(event: string, payload: Record<string, unknown>) => Promise<unknown>} Ask */

export class Outlet {
  /**
   * @param {Ask} ask @param {string} event
   * @param {number} most unanswered ones; what comes while the network stands still is gone
   * @param {number} [firstSeq] later pages of the same place must go on above earlier ones
   */
  constructor(ask, event, most, firstSeq = Date.now()) {
    this.ask = ask;
    this.event = event;
    this.most = most;
    this.seq = firstSeq;
    this.underWay = 0;
  }

  /** @param {Record<string, unknown>} reading */
  send(reading) {
    this.seq += 1;
    if (this.underWay >= this.most) return;
    this.underWay += 1;
    this.ask(this.event, { seq: this.seq, ...reading })
      .catch(() => {}) // too fast, or no connection: a live reading is not sent twice
      .finally(() => void (this.underWay -= 1));
  }
}
