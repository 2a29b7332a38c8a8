// Readings of a motion sensor, collected into batches as the protocol names them. Pure: every time is an argument.

/** @typedef {{at: number, data: ArrayBuffer, rows: number, activity: number}} Batch `at` of the first row, ms since the epoch */

export const MOST_MS = 250;
export const LEAST_ROWS = 10;
export const MOST_ROWS = 64;
const NUMBERS_A_ROW = 4;
const STRONG = 4; // m/s2 of deviation that fill the bar: a brisk wave of the hand

export class MotionBatch {
  constructor() {
    /** @type {number[][]} */
    this.rows = [];
    this.at = 0;
    this.last = -Infinity;
  }

  /**
   * Take a reading; give the batch that is complete with it, if one is. Readings that go back in time are left out.
   * @param {number} at milliseconds since the epoch @param {number} x m/s2 with gravity @param {number} y @param {number} z
   * @returns {Batch | null}
   */
  add(at, x, y, z) {
    if (at <= this.last || ![at, x, y, z].every(Number.isFinite)) return null;
    // A gap is not part of a batch: what was there goes first.
    const gap = this.rows.length > 0 && at - this.at > MOST_MS ? this.take() : null;
    if (this.rows.length === 0) this.at = at;
    this.last = at;
    this.rows.push([at - this.at, x, y, z]);
    return gap ?? (this.rows.length >= MOST_ROWS ? this.take() : null);
  }

  /** What waits at this time although no further reading has come. @param {number} now @returns {Batch | null} */
  due(now) {
    return this.rows.length > 0 && now - this.at >= MOST_MS ? this.take() : null;
  }

  /** Give what there is and begin anew. @returns {Batch | null} */
  take() {
    if (this.rows.length === 0) return null;
    const rows = this.rows;
    this.rows = [];
    const data = new Float32Array(rows.flat());
    return { at: this.at, data: littleEndian(data), rows: rows.length, activity: activityOf(rows) };
  }
}

/** @param {Float32Array} numbers @returns {ArrayBuffer} the same, little-endian on every machine */
function littleEndian(numbers) {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  numbers.forEach((number, index) => view.setFloat32(index * 4, number, true));
  return view.buffer;
}

/** How much it moved, 0 to 1: the deviation of the acceleration's size. @param {number[][]} rows */
export function activityOf(rows) {
  const sizes = rows.map((row) => Math.hypot(...row.slice(1, NUMBERS_A_ROW)));
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const spread = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length);
  return Math.min(1, spread / STRONG);
}
