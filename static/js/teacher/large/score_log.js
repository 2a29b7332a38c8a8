// What the server says of attention and suspicion: the newest of each student, and the attention of the last minutes.

/**
 * @typedef {{score: number | null, label: string | null, suspicion: number}} Score
 * @typedef {[string, number | null, string | null, number]} Told participant, attention, label, suspicion
 * @typedef {{at: number, score: number | null}} Point
 */

export const KEPT_MS = 10 * 60_000;
const EDGE = 2; // the line is not to touch the frame

/** @type {Score} */
const NOTHING = { score: null, label: null, suspicion: 0 };

export class ScoreLog {
  constructor() {
    /** @type {Map<string, Score>} */
    this.newest = new Map();
    /** @type {Map<string, Point[]>} */
    this.past = new Map();
  }

  /** @param {Told[]} scores what changed @param {number} now milliseconds */
  take(scores, now) {
    for (const [id, score, label, suspicion] of scores) {
      this.newest.set(id, { score, label, suspicion });
      const points = (this.past.get(id) ?? []).filter(({ at }) => now - at <= KEPT_MS);
      this.past.set(id, [...points, { at: now, score }]);
    }
  }

  /** @param {string} id */
  of(id) {
    return this.newest.get(id) ?? NOTHING;
  }

  /** The attention of the last minutes, oldest first. @param {string} id @returns {readonly Point[]} */
  pastOf(id) {
    return this.past.get(id) ?? [];
  }
}

/**
 * The points as lines of a drawing, one list for each stretch in which attention was known; only changes were told, so
 * a score lasts until the next one.
 * @param {readonly Point[]} points
 * @param {number} now
 * @param {{width: number, height: number, ms?: number}} size and how long a time it shows
 * @returns {[number, number][][]}
 */
export function linesOf(points, now, { width, height, ms = KEPT_MS }) {
  /** @type {[number, number][][]} */
  const lines = [];
  /** @type {[number, number][]} */
  let line = [];
  const x = (/** @type {number} */ at) => Math.max(0, width * (1 - (now - at) / ms));
  for (const [index, { at, score }] of points.entries()) {
    const until = points[index + 1]?.at ?? now;
    if (now - until > ms) continue;
    if (score === null) {
      line = [];
      continue;
    }
    if (line.length === 0) lines.push(line);
    const y = EDGE + (height - 2 * EDGE) * (1 - score / 100);
    line.push([x(at), y], [x(until), y]);
  }
  return lines;
}
