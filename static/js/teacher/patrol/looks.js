// For how long a teacher has looked closely at each student: large, enlarged under the pointer, or led there by the patrol.

/** @typedef {ReadonlyMap<string, number>} Looks seconds by student */

/**
 * Whom to look at next: the one looked at least; of alike the first in the order of the grid.
 * @param {readonly string[]} ids in order
 * @param {Looks} looks
 * @param {string | null} now who is looked at, and is not next unless alone
 * @returns {string | null}
 */
export function leastLookedAt(ids, looks, now) {
  const others = ids.filter((id) => id !== now);
  const among = others.length > 0 ? others : ids;
  return among.reduce((/** @type {string | null} */ least, id) => (least === null || secondsOf(looks, id) < secondsOf(looks, least) ? id : least), null);
}

/**
 * How even the looks are.
 * @param {readonly string[]} ids
 * @param {Looks} looks
 * @returns {{least: number, most: number, unseen: number}} seconds, and how many were never looked at
 */
export function evenness(ids, looks) {
  const seconds = ids.map((id) => secondsOf(looks, id));
  return { least: Math.min(...seconds), most: Math.max(...seconds), unseen: seconds.filter((one) => one === 0).length };
}

/** @param {Looks} looks @param {string} id */
export function secondsOf(looks, id) {
  return looks.get(id) ?? 0;
}

/**
 * What was kept of the looks; nothing where it is no list of students and seconds.
 * @param {string} text
 * @returns {Map<string, number>}
 */
export function readLooks(text) {
  try {
    const kept = Object.entries(JSON.parse(text));
    return new Map(kept.filter(([, seconds]) => Number.isFinite(seconds) && seconds >= 0));
  } catch {
    return new Map();
  }
}
