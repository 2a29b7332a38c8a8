// How loud sound is, and how loud the room is by itself. Pure.

/** Samples a second of all that is measured and sent. */
export const RATE = 16_000;
export const QUIETEST = -120; // dBFS: digital silence

const PIECE = RATE / 100; // 10 ms
const REMEMBERED = 300; // tenths of a second: half a minute
const FLOOR_SHARE = 0.1; // of them are quieter than the floor: the pauses, also while somebody talks

/** @param {Float32Array} samples -1 to 1 @returns {number} dBFS of what is not constant (a microphone may have an offset) */
export function levelOf(samples) {
  let sum = 0;
  let squares = 0;
  for (const sample of samples) {
    sum += sample;
    squares += sample * sample;
  }
  const mean = sum / samples.length;
  const power = squares / samples.length - mean * mean;
  return power > 0 ? Math.max(QUIETEST, 10 * Math.log10(power)) : QUIETEST;
}

/**
 * How loud a tenth of a second is for at least half of its time: a voice lasts, the click of a key does not.
 * @param {Float32Array} samples @returns {number} dBFS: the median of its pieces of 10 ms
 */
export function steadyLevelOf(samples) {
  const levels = [];
  for (let at = 0; at + PIECE <= samples.length; at += PIECE) levels.push(levelOf(samples.subarray(at, at + PIECE)));
  levels.sort((a, b) => a - b);
  return levels[Math.floor(levels.length / 2)] ?? QUIETEST;
}

/** The room's own noise: a low percentile of the last half minute. */
export class NoiseFloor {
  constructor() {
    /** @type {number[]} */
    this.levels = [];
    this.next = 0;
  }

  /** @param {number} level dBFS of a tenth of a second */
  add(level) {
    this.levels[this.next] = level;
    this.next = (this.next + 1) % REMEMBERED;
  }

  /** @returns {number} dBFS */
  get value() {
    if (this.levels.length === 0) return QUIETEST;
    const sorted = [...this.levels].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) * FLOOR_SHARE)];
  }
}
