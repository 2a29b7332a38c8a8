// Lowers the picture by itself when the way to the server is too slow for it, and raises it again later.

/** From the plan as it is down to what still shows a face. */
export const STEPS = [
  { width: 1, quality: 1 },
  { width: 1, quality: 0.75 },
  { width: 0.75, quality: 0.75 },
  { width: 0.5, quality: 0.7 },
];

const SLOW_ANSWERS = 3; // in a row, before the picture is lowered
const FAST_ANSWERS = 30; // in a row, before it is raised again
const GAIN = 0.85; // a lower picture must answer in less than this share of the time, or it was not the size
const FAR_AWAY_MS = 1500; // no honest distance takes longer: beyond it, it is always the size
const GIVE_UP_ANSWERS = 120; // answers before another try on a connection that is slow whatever the size

/** Chooses a step from how long answers take; latency alone (a far-away server) does not lower the picture. */
export class PictureSteps {
  constructor() {
    this.level = 0;
    this.slowRow = 0;
    this.fastRow = 0;
    this.slowest = 0;
    this.timeouts = 0;
    /** @type {number | null} the delay that made us lower the picture, until we know whether it helped */
    this.delayBefore = null;
  }

  get step() {
    return STEPS[this.level];
  }

  /** Learn from one answer. @param {number} delay milliseconds @param {number} interval the plan's, milliseconds */
  answered(delay, interval) {
    if (this.timeouts > 0) this.timeouts -= 1;
    if (delay > interval) this.slow(delay, interval);
    else this.#fast(delay, interval);
  }

  /** An answer came too late, or never. @param {number} delay @param {number} interval */
  slow(delay, interval) {
    this.fastRow = 0;
    this.slowRow += 1;
    this.slowest = Math.max(this.slowest, delay);
    if (this.slowRow < SLOW_ANSWERS || interval === Infinity) return;
    const isFar = this.delayBefore !== null && this.slowest >= this.delayBefore * GAIN && this.slowest < FAR_AWAY_MS;
    if (isFar) this.#takeBack();
    else this.#lower();
    this.slowRow = 0;
    this.slowest = 0;
  }

  #lower() {
    if (this.timeouts > 0 || this.level === STEPS.length - 1) return;
    this.level += 1;
    this.delayBefore = this.slowest;
  }

  #takeBack() {
    this.level = 0;
    this.delayBefore = null;
    this.timeouts = GIVE_UP_ANSWERS;
  }

  /** @param {number} delay @param {number} interval */
  #fast(delay, interval) {
    this.slowRow = 0;
    this.slowest = 0;
    this.delayBefore = null;
    this.fastRow = delay < interval / 2 ? this.fastRow + 1 : 0;
    if (this.fastRow < FAST_ANSWERS || this.level === 0) return;
    this.level -= 1;
    this.fastRow = 0;
  }
}
