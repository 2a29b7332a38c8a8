// Who sits where in the grid: the plan that a teacher makes by dragging tiles. Plain functions.

/**
 * Put students into the order of a plan; who has no seat in it comes after the others, as they came.
 * @template {{id: string}} T
 * @param {readonly T[]} students
 * @param {readonly string[]} plan ids
 * @returns {T[]}
 */
export function seated(students, plan) {
  const seats = new Map(plan.map((id, seat) => [id, seat]));
  const seat = (/** @type {T} */ one) => seats.get(one.id) ?? plan.length;
  return [...students].sort((a, b) => seat(a) - seat(b));
}

/**
 * The plan after two students changed places: nobody else moves.
 * @param {readonly string[]} ids in order
 * @param {string} one
 * @param {string} other
 * @returns {string[]} the same order where one of them has no seat
 */
export function swapped(ids, one, other) {
  if (!ids.includes(one) || !ids.includes(other)) return [...ids];
  return ids.map((id) => (id === one ? other : id === other ? one : id));
}

/**
 * The seat beside another one, for arrows.
 * @param {number} at
 * @param {string} key
 * @param {number} columns
 * @param {number} count seats
 * @returns {number | null} null where there is no seat, or the key is no arrow
 */
export function seatBeside(at, key, columns, count) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  const next = at + (step ?? NaN);
  return next >= 0 && next < count ? next : null;
}

/**
 * What was kept of a plan; nothing where it is no list of ids.
 * @param {string} text
 * @returns {string[]}
 */
export function readPlan(text) {
  try {
    const kept = JSON.parse(text);
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
