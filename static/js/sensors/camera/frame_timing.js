// How evenly a camera's frames follow each other: a real camera is always a little early or late.

const MOST_FRAMES = 90;
const LEAST_FRAMES = 10;
const PAUSE_MS = 2000; // after a longer gap the rhythm begins anew

export class FrameTiming {
  constructor() {
    /** @type {number[]} */
    this.gaps = [];
    /** @type {number | null} */
    this.last = null;
  }

  /** @param {number} at milliseconds on the camera's own clock */
  add(at) {
    const gap = this.last === null ? 0 : at - this.last;
    this.last = at;
    if (gap > PAUSE_MS || gap < 0) this.gaps = [];
    else if (gap > 0) this.gaps.push(gap);
    if (this.gaps.length > MOST_FRAMES) this.gaps.shift();
  }

  /** Frames a second and the standard deviation of a gap, in milliseconds; null before there is enough to tell. */
  read() {
    const count = this.gaps.length;
    if (count < LEAST_FRAMES) return null;
    const mean = this.gaps.reduce((sum, gap) => sum + gap, 0) / count;
    const jitter = Math.sqrt(this.gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count);
    return { fps: 1000 / mean, jitter };
  }
}
