// Alerts put together into incidents, what a teacher judges: plain functions. The server says which belong together.

import { FLAGGED } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {"now" | "later" | "noted"} ListName
 *
 * @typedef {object} Incident
 * @property {string} id
 * @property {Alert[]} alerts the newest first
 * @property {Alert} lead the worst of those that wait for a verdict; of all, where none waits
 * @property {boolean} isOpen whether any of them waits for a verdict
 * @property {boolean} isAgain whether some were judged before and another one came
 * @property {string} verdict
 * @property {number} since when the first one was raised, ms
 * @property {number} until when the last one was raised, ms
 */

/** @type {readonly ListName[]} */
export const LISTS = ["now", "later", "noted"];

/** Warnings that weigh less than that together can wait: one look away, one phrase, one movement of the arm. */
export const SERIOUS = 15;

const RANK = ["notice", "warning", "critical"];

/** Whether the alert is part of an incident of the whole room. @param {Alert} alert */
export function isOfRoom(alert) {
  return incidentOf(alert).startsWith("room.");
}

/** The id of the incident that an alert belongs to. @param {Alert} alert */
export function incidentOf(alert) {
  return alert.incident || alert.id;
}

/**
 * Whether an alert waits for a verdict. Notices accuse nobody and need none, but a teacher should say of what happened
 * to the whole room that it was seen.
 * @param {Alert} alert
 */
function waits(alert) {
  return alert.verdict === "new" && (alert.severity !== "notice" || isOfRoom(alert));
}

/**
 * @param {Iterable<Alert>} alerts
 * @returns {Incident[]} in no order
 */
export function incidentsOf(alerts) {
  /** @type {Map<string, Alert[]>} */
  const groups = new Map();
  for (const alert of alerts) {
    const known = groups.get(incidentOf(alert));
    if (known) known.push(alert);
    else groups.set(incidentOf(alert), [alert]);
  }
  return [...groups.values()].map(makeIncident);
}

/**
 * @param {Alert[]} alerts of one incident, at least one
 * @returns {Incident}
 */
export function makeIncident(alerts) {
  const sorted = [...alerts].sort((a, b) => b.raised_at - a.raised_at || (a.id < b.id ? -1 : 1));
  const open = sorted.filter(waits);
  const lead = [...(open.length ? open : sorted)].sort(byWeightOfOne)[0];
  return {
    id: incidentOf(lead),
    alerts: sorted,
    lead,
    isOpen: open.length > 0,
    isAgain: open.length > 0 && sorted.some((alert) => alert.verdict !== "new"),
    verdict: open.length ? "new" : lead.verdict,
    since: sorted[sorted.length - 1].raised_at,
    until: sorted[0].raised_at,
  };
}

/** The worst first; of two alike the one with a picture, then the newest. @param {Alert} a @param {Alert} b */
function byWeightOfOne(a, b) {
  return compareWeight(a, b) || Number(Boolean(b.evidence)) - Number(Boolean(a.evidence)) || b.raised_at - a.raised_at;
}

/** @param {Alert} a @param {Alert} b */
function compareWeight(a, b) {
  return RANK.indexOf(b.severity) - RANK.indexOf(a.severity) || sureness(b) - sureness(a);
}

/** How sure an alert is, 0 to 100; one that says nothing of it counts as sure. @param {Alert} alert */
function sureness({ numbers }) {
  return typeof numbers.sure === "number" ? numbers.sure : 100;
}

/**
 * Where an incident is listed: what is critical or serious needs somebody now, what weighs little can wait, the rest is
 * judged or accuses nobody.
 * @param {Incident} incident
 * @param {Record<string, number>} weights by kind
 * @returns {ListName}
 */
export function listOf({ alerts, lead, isOpen }, weights) {
  if (!isOpen) return "noted";
  if (lead.severity === "critical" || alerts.some((alert) => waits(alert) && alert.kind === FLAGGED)) return "now";
  const charges = alerts.filter((alert) => waits(alert) && !isOfRoom(alert));
  return charges.reduce((sum, { kind }) => sum + (weights[kind] ?? 0), 0) >= SERIOUS ? "now" : "later";
}

/**
 * What waits comes by severity, then by how sure it is, then the one that waits longest; what is noted, the newest first.
 * @param {Incident} a
 * @param {Incident} b
 */
export function byUrgency(a, b) {
  const order = a.isOpen && b.isOpen ? compareWeight(a.lead, b.lead) || a.since - b.since : b.until - a.until;
  return order || (a.id < b.id ? -1 : 1);
}

/**
 * How often each kind came, the worst first.
 * @param {readonly Alert[]} alerts
 * @returns {[string, number][]}
 */
export function kindsIn(alerts) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of [...alerts].sort(byWeightOfOne)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}

/** How many students an incident is about. @param {Incident} incident */
export function studentsIn({ alerts }) {
  return new Set(alerts.map((alert) => alert.participant)).size;
}
