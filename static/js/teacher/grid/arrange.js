// Which students the grid shows, in which order, in how many columns: plain functions.

import { needsReview } from "../incidents/alert_filter.js";
import { isOfRoom } from "../incidents/incidents.js";
import { seated } from "../seats/seats.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 *
 * @typedef {object} Wish what the teacher chose in the toolbar
 * @property {string} order name, seats or joined
 * @property {string} filter here, critical, review, alert, blind, messages, away, waiting or gone
 * @property {string} search
 *
 * @typedef {object} Known what is known of students beside themselves
 * @property {(id: string) => readonly Alert[]} alertsOf
 * @property {(id: string) => number} unreadOf messages that nobody has read
 * @property {readonly string[]} plan the seats, by the ids of who sits there
 *
 * @typedef {object} Shape of the grid; pixels
 * @property {number} columns
 * @property {number} width of a tile
 * @property {number} height of a tile
 */

export const ORDERS = ["name", "seats", "joined"];
export const FILTERS = ["here", "critical", "review", "alert", "blind", "messages", "away", "waiting", "gone"];

/** So wide (and high) a tile is at least, in pixels; the grid scrolls where they would be smaller. */
const LEAST = { width: 48, height: 30 };
/** And so wide where the grid scrolls anyway. */
const SCROLLED_WIDTH = 104;
/** Cameras film four by three; a tile cuts off above and below until it is twice as wide as high. */
const RATIO = 4 / 3;
const WIDEST_RATIO = 2;
/** Columns have letters for keys, and a class of up to a hundred is read best in twelve. */
const MOST_COLUMNS = 26;
const CLASS = { most: 100, columns: 12 };

const GONE = new Set(["refused", "removed", "left"]);

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
 * @param {Participant} participant
 * @param {readonly Alert[]} alerts
 */
export function isBlind(participant, alerts) {
  const cannotSee = !["ok", "unknown"].includes(participant.picture) || participant.camera !== "on";
  return cannotSee || openAlerts(alerts).some((alert) => alert.kind === "CAMERA_BLOCKED");
}

/**
 * @param {Participant} participant
 * @param {string} filter
 * @param {Known} known
 */
function passes(participant, filter, { alertsOf, unreadOf }) {
  if (filter === "gone") return isGone(participant);
  if (isGone(participant)) return false;
  const alerts = alertsOf(participant.id);
  if (filter === "critical" || filter === "review") return urgencyOf(alerts) === filter;
  if (filter === "messages") return unreadOf(participant.id) > 0;
  if (filter === "alert") return openAlerts(alerts).length > 0;
  if (filter === "blind") return participant.online && isBlind(participant, alerts);
  if (filter === "away") return !participant.online || participant.page !== "visible";
  if (filter === "waiting") return participant.state !== "admitted";
  return true;
}

/**
 * What the worst of a student's alerts asks of a teacher; "" where none waits for a verdict.
 * @param {readonly Alert[]} alerts
 * @returns {"critical" | "review" | ""}
 */
export function urgencyOf(alerts) {
  const waiting = alerts.filter((alert) => needsReview(alert) && !isOfRoom(alert));
  if (waiting.some(({ severity }) => severity === "critical")) return "critical";
  return waiting.length > 0 ? "review" : "";
}

/**
 * Lower case without accents, so that "lea" finds "Léa".
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * The students that the teacher asked for, in order. What happens to somebody moves nobody.
 * @param {Iterable<Participant>} participants
 * @param {Wish} wish
 * @param {Known} known
 */
export function arrange(participants, wish, known) {
  const wanted = folded(wish.search.trim());
  const found = [...participants].filter((one) => passes(one, wish.filter, known) && folded(one.name).includes(wanted));
  found.sort((a, b) => a.joined_at - b.joined_at || (a.id < b.id ? -1 : 1));
  if (wish.order !== "joined") found.sort((a, b) => a.name.localeCompare(b.name));
  return wish.order === "seats" ? seated(found, known.plan) : found;
}

/**
 * How many students each count of the top bar finds.
 * @param {Iterable<Participant>} participants
 * @param {Known} known
 */
export function countsOf(participants, known) {
  const all = [...participants];
  const count = (/** @type {string} */ filter) => all.filter((one) => passes(one, filter, known)).length;
  return { critical: count("critical"), review: count("review"), blind: count("blind"), messages: count("messages") };
}

/**
 * Columns and tiles that are as large as they can be while all fit; where they would be too small, the grid scrolls.
 * What comes and goes around the grid takes room, but moves nobody to another column.
 * @param {number} count tiles
 * @param {{width: number, height: number, gap: number}} box pixels
 * @param {{width: number, height: number}} [full] the box while nothing stands around it
 * @returns {Shape}
 */
export function layOut(count, box, full = box) {
  const tiles = Math.max(1, count);
  const most = Math.min(tiles, tiles <= CLASS.most ? CLASS.columns : MOST_COLUMNS);
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= most; columns += 1) {
    const shape = shapeOf(tiles, columns, { ...full, gap: box.gap });
    if (size(shape) > size(best)) best = shape;
  }
  const { width, height } = shapeOf(tiles, best.columns, box);
  return width >= LEAST.width && height >= LEAST.height ? { columns: best.columns, width, height } : scrolled(tiles, box);
}

/**
 * @param {number} tiles
 * @param {number} columns
 * @param {{width: number, height: number, gap: number}} box
 * @returns {Shape}
 */
function shapeOf(tiles, columns, { width, height, gap }) {
  const rows = Math.ceil(tiles / columns);
  const wide = (width - (columns - 1) * gap) / columns;
  const high = Math.min((height - (rows - 1) * gap) / rows, wide / RATIO);
  return { columns, width: Math.floor(Math.min(wide, high * WIDEST_RATIO)), height: Math.floor(high) };
}

/** How large a picture looks in a tile of this shape. @param {Shape} shape */
function size({ width, height }) {
  return Math.min(width, height * RATIO);
}

/**
 * @param {number} tiles
 * @param {{width: number, gap: number}} box
 * @returns {Shape}
 */
function scrolled(tiles, { width, gap }) {
  const columns = Math.min(tiles, Math.max(1, Math.floor((width + gap) / (SCROLLED_WIDTH + gap))));
  const wide = Math.floor((width - (columns - 1) * gap) / columns);
  return { columns, width: wide, height: Math.round(wide / RATIO) };
}
