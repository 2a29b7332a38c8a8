// Who needs a teacher now: plain functions. What they find is shown above the grid; nobody's tile in the grid moves.

import { isBlind, isGone } from "../grid/arrange.js";
import { isOfRoom } from "../incidents/incidents.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {import("../incidents/incidents.js").Incident} Incident
 * @typedef {"critical" | "hand" | "blind"} Reason
 * @typedef {{id: string, reason: Reason, since: number, alert: Alert | null}} Need since when, ms; 0 where that is not known
 */

/** So many stand above the grid at once; the others are counted. */
export const MOST_NEEDS = 6;

/** @type {readonly Reason[]} the most urgent first */
const RANK = ["critical", "hand", "blind"];

/**
 * The students who need somebody, each with the most urgent reason: critical incidents that nobody else looks after,
 * raised hands that nobody has seen, and who cannot be seen although the exam runs.
 * @param {Iterable<Participant>} participants
 * @param {Iterable<Incident>} incidents
 * @param {{isRunning: boolean, isOfOthers: (incident: Incident) => boolean}} room
 * @returns {Need[]} the most urgent first, then who waits longest
 */
export function needsOf(participants, incidents, { isRunning, isOfOthers }) {
  const critical = firstCritical([...incidents].filter((incident) => !isOfOthers(incident)));
  const needs = [...participants].filter((one) => !isGone(one)).map((one) => needOf(one, critical, isRunning));
  return needs.filter((need) => need !== null).sort((a, b) => RANK.indexOf(a.reason) - RANK.indexOf(b.reason) || a.since - b.since || (a.id < b.id ? -1 : 1));
}

/**
 * @param {Participant} participant
 * @param {ReadonlyMap<string, Incident>} critical by student
 * @param {boolean} isRunning
 * @returns {Need | null}
 */
function needOf(participant, critical, isRunning) {
  const { id, hand, online, state } = participant;
  const incident = critical.get(id);
  if (incident) return { id, reason: "critical", since: incident.since, alert: incident.lead };
  if (hand?.reason != null && !hand.seen_by && hand.break_since === null) return { id, reason: "hand", since: hand.since ?? 0, alert: null };
  const isExpected = isRunning && online && state === "admitted" && hand?.break_since == null;
  return isExpected && isBlind(participant, []) ? { id, reason: "blind", since: 0, alert: null } : null;
}

/**
 * @param {readonly Incident[]} incidents
 * @returns {Map<string, Incident>} the critical incident of each student that has waited longest for a verdict
 */
function firstCritical(incidents) {
  const waiting = incidents.filter(({ isOpen, lead }) => isOpen && lead.severity === "critical" && !isOfRoom(lead));
  return new Map(waiting.sort((a, b) => b.since - a.since).map((incident) => [incident.lead.participant, incident]));
}
