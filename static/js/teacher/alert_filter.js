// Which alerts the teacher wants to see: plain functions.

import { t } from "../lib/i18n.js";

/**
 * @typedef {import("./types.js").Alert} Alert
 * @typedef {{verdict: string, severity: string, kind: string, participant: string}} AlertWish "" stands for any
 */

/**
 * @param {Alert} alert
 * @param {AlertWish} wish
 */
export function isWanted(alert, wish) {
  return (
    (wish.verdict === "" || alert.verdict === wish.verdict) &&
    (wish.severity === "" || alert.severity === wish.severity) &&
    (wish.kind === "" || alert.kind === wish.kind) &&
    (wish.participant === "" || alert.participant === wish.participant)
  );
}

/**
 * What waits for a verdict: counted in the tab and the title. Notices say that something cannot be seen; they accuse nobody.
 * @param {Iterable<Alert>} alerts
 */
export function countToReview(alerts) {
  let count = 0;
  for (const alert of alerts) if (alert.verdict === "new" && alert.severity !== "notice") count += 1;
  return count;
}

/**
 * The students that have alerts, by name.
 * @param {Iterable<Alert>} alerts
 * @returns {[string, string][]} id and name
 */
export function studentsOf(alerts) {
  const names = new Map();
  for (const alert of alerts) names.set(alert.participant, alert.name);
  return [...names].sort((a, b) => a[1].localeCompare(b[1]));
}

/**
 * The explanation of an alert: the server's sentence with its numbers, in the person's language.
 * @param {Alert} alert
 */
export function explain(alert) {
  return t(alert.text, alert.numbers);
}
