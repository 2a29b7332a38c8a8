// The exam so far of each student who was flagged: plain functions.

import { isOfRoom } from "../incidents/incidents.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {{id: string, from: number, to: number, severity: string, kind: string, isJudged: boolean}} Mark from and to: 0 the start of the exam, 1 now
 * @typedef {{id: string, name: string, marks: Mark[]}} Line
 */

const RANK = ["notice", "warning", "critical"];

/**
 * One line for each student with alerts that count: no notices, nothing dismissed, nothing that the room had in common.
 * @param {Iterable<Alert>} alerts
 * @param {number} start of the exam, ms
 * @param {number} now ms
 * @returns {Line[]} who was flagged worst and most is first
 */
export function pastOf(alerts, start, now) {
  /** @type {Map<string, Line>} */
  const lines = new Map();
  for (const alert of alerts) {
    if (!counts(alert)) continue;
    const line = lines.get(alert.participant) ?? { id: alert.participant, name: alert.name, marks: [] };
    line.marks.push(markOf(alert, start, now));
    lines.set(alert.participant, line);
  }
  for (const { marks } of lines.values()) marks.sort((a, b) => a.from - b.from);
  return [...lines.values()].sort((a, b) => worst(b) - worst(a) || b.marks.length - a.marks.length || a.name.localeCompare(b.name));
}

/** @param {Alert} alert */
function counts(alert) {
  return alert.severity !== "notice" && alert.verdict !== "dismissed" && !isOfRoom(alert);
}

/**
 * @param {Alert} alert
 * @param {number} start
 * @param {number} now
 * @returns {Mark}
 */
function markOf({ id, started_at, ended_at, severity, kind, verdict }, start, now) {
  const share = (/** @type {number} */ at) => Math.min(1, Math.max(0, (at - start) / Math.max(1, now - start)));
  return { id, from: share(started_at), to: share(ended_at ?? now), severity, kind, isJudged: verdict !== "new" };
}

/** @param {Line} line */
function worst({ marks }) {
  return Math.max(...marks.map(({ severity }) => RANK.indexOf(severity)));
}
