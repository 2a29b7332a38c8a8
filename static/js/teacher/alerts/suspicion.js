// Why a student's suspicion is as high as it is: the server's sum, done again for people to read.

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {{weights: Record<string, number>, factors: Record<string, number>, half_life: number}} Weights half_life in seconds
 * @typedef {{kind: string, count: number, points: number}} Part
 */

/**
 * The kinds that add something, the heaviest first.
 * @param {readonly Alert[]} alerts of one student
 * @param {Weights} weights
 * @param {number} now the server's time, milliseconds
 * @returns {Part[]}
 */
export function partsOf(alerts, { weights, factors, half_life }, now) {
  /** @type {Map<string, Part>} */
  const parts = new Map();
  for (const { kind, severity, verdict, ended_at } of alerts) {
    if (verdict === "dismissed") continue;
    const faded = ended_at === null ? 0 : Math.max(0, now - ended_at) / 1000;
    const points = (weights[kind] ?? 0) * (factors[severity] ?? 0) * 0.5 ** (faded / half_life);
    if (points < 0.5) continue;
    const part = parts.get(kind) ?? { kind, count: 0, points: 0 };
    parts.set(kind, { kind, count: part.count + 1, points: part.points + points });
  }
  return [...parts.values()].sort((a, b) => b.points - a.points);
}
