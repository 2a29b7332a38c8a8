// Which students are on the page of the grid, in which order, in how many columns: plain functions.

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 *
 * @typedef {object} Wish what the teacher chose in the toolbar
 * @property {string} order joined, incidents or name
 * @property {string} filter here, alert, blind, away, waiting or gone
 * @property {string} search
 */

export const PAGE_SIZES = ["1", "4", "9", "16", "25", "49"];
export const ORDERS = ["joined", "incidents", "name"];
export const FILTERS = ["here", "alert", "blind", "away", "waiting", "gone"];

const GONE = new Set(["refused", "removed", "left"]);
const WEIGHTS = new Map([["critical", 4], ["warning", 2], ["notice", 1]]);

/** @param {Participant} participant */
export function isGone(participant) {
  return GONE.has(participant.state);
}

/**
 * The alerts of one student that say "look now".
 * @param {readonly Alert[]} alerts
 */
export function openAlerts(alerts) {
  return alerts.filter((alert) => alert.ended_at === null && alert.verdict !== "dismissed");
}

/**
 * How pressing a student is: the server's suspicion first, then the open alerts, then the newest of them.
 * @param {readonly Alert[]} alerts
 * @param {number} suspicion
 */
export function pressing(alerts, suspicion) {
  const newest = Math.max(0, ...openAlerts(alerts).map((alert) => alert.raised_at));
  return [suspicion, weightOf(alerts), newest];
}

/** @param {readonly Alert[]} alerts */
export function weightOf(alerts) {
  return openAlerts(alerts).reduce((sum, alert) => sum + (WEIGHTS.get(alert.severity) ?? 0), 0);
}

/**
 * @param {Participant} participant
 * @param {readonly Alert[]} alerts
 */
export function isBlind(participant, alerts) {
  const cannotSee = !["ok", "unknown"].includes(participant.picture) || participant.camera !== "on";
  return cannotSee || openAlerts(alerts).some((alert) => alert.kind === "CAMERA_BLOCKED");
}

/**
 * @param {Participant} participant
 * @param {readonly Alert[]} alerts
 * @param {string} filter
 */
function passes(participant, alerts, filter) {
  if (filter === "gone") return isGone(participant);
  if (isGone(participant)) return false;
  if (filter === "alert") return openAlerts(alerts).length > 0;
  if (filter === "blind") return participant.online && isBlind(participant, alerts);
  if (filter === "away") return !participant.online || participant.page !== "visible";
  if (filter === "waiting") return participant.state !== "admitted";
  return true;
}

/**
 * Lower case without accents, so that "lea" finds "Léa".
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * The students that the teacher asked for, in order; equal ones stay in the order of joining.
 * @param {Iterable<Participant>} participants
 * @param {(id: string) => readonly Alert[]} alertsOf
 * @param {Wish} wish
 * @param {(id: string) => number} [suspicionOf]
 */
export function arrange(participants, alertsOf, wish, suspicionOf = () => 0) {
  const wanted = folded(wish.search.trim());
  const found = [...participants].filter(
    (one) => passes(one, alertsOf(one.id), wish.filter) && folded(one.name).includes(wanted),
  );
  found.sort((a, b) => a.joined_at - b.joined_at || (a.id < b.id ? -1 : 1));
  if (wish.order === "name") found.sort((a, b) => a.name.localeCompare(b.name));
  if (wish.order !== "incidents") return found;
  const ranks = new Map(found.map(({ id }) => [id, pressing(alertsOf(id), suspicionOf(id))]));
  const rank = (/** @type {Participant} */ one) => /** @type {number[]} */ (ranks.get(one.id));
  return found.sort((a, b) => rank(a).reduce((order, value, at) => order || rank(b)[at] - value, 0));
}

/**
 * One page of a list, and the nearest page that exists.
 * @template T
 * @param {readonly T[]} all
 * @param {number} size
 * @param {number} page from 0
 */
export function pageOf(all, size, page) {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const current = Math.min(Math.max(0, page), pages - 1);
  return { items: all.slice(current * size, (current + 1) * size), page: current, pages };
}

/**
 * Columns and tile width (pixels) with the largest tiles that all fit; where they would be narrower than `least`,
 * as many columns as are that wide, of equal width (`widest` null), and the page scrolls.
 * @param {number} count tiles
 * @param {{width: number, height: number, gap: number}} box pixels
 * @param {{least: number, extra: number, ratio: number}} tile narrowest width, height below the picture, width / height
 * @returns {{columns: number, widest: number | null}}
 */
export function layOut(count, box, tile) {
  let best = { columns: 1, widest: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.max(1, Math.ceil(count / columns));
    const byWidth = (box.width - (columns - 1) * box.gap) / columns;
    const byHeight = ((box.height - (rows - 1) * box.gap) / rows - tile.extra) * tile.ratio;
    const widest = Math.floor(Math.min(byWidth, byHeight));
    if (widest > best.widest) best = { columns, widest };
  }
  if (best.widest >= tile.least) return best;
  const most = Math.max(1, Math.floor((box.width + box.gap) / (tile.least + box.gap)));
  return { columns: Math.min(most, Math.max(1, count)), widest: null };
}
