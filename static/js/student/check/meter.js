// How much is being sent: pictures a second and kilobits a second over the last few seconds.

const WINDOW_MS = 5000;

export class Meter {
  constructor() {
    /** @type {{at: number, bytes: number}[]} */
    this.sent = [];
    this.since = 0;
  }

  /** @param {number} now @param {number} bytes */
  add(now, bytes) {
    if (this.sent.length === 0) this.since = now;
    this.sent.push({ at: now, bytes });
  }

  /** @param {number} now @returns {{fps: number, kbits: number}} */
  read(now) {
    this.sent = this.sent.filter(({ at }) => now - at < WINDOW_MS);
    const seconds = Math.min(WINDOW_MS, Math.max(1000, now - this.since)) / 1000;
    const bytes = this.sent.reduce((sum, one) => sum + one.bytes, 0);
    return { fps: this.sent.length / seconds, kbits: (bytes * 8) / 1000 / seconds };
  }
}
