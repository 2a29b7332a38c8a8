// Which alerts the teacher wants to see: plain functions.

import { t } from "../../shared/i18n.js";
import { commonCause } from "../room/labels.js";
import { isOfRoom } from "./incidents.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
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
 * Whether an alert waits for a verdict: what tiles count. Notices accuse nobody: something cannot be seen, or only
 * resembles what is forbidden.
 * @param {Alert} alert
 */
export function needsReview(alert) {
  return alert.verdict === "new" && alert.severity !== "notice";
}

/** @param {Iterable<Alert>} alerts */
export function countToReview(alerts) {
  return [...alerts].filter(needsReview).length;
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
  const { every, usual } = alert.numbers;
  const said = [t(alert.text, alert.numbers)];
  if (every) said.push(t("Looks came every %(every)s s instead of %(usual)s s.", { every, usual }));
  if (isOfRoom(alert)) said.push(explainRoom(alert.kind));
  return said.join(" ");
}

/** What many students had in common. @param {string} kind */
export function explainRoom(kind) {
  const cause = commonCause(kind);
  return t("Many students had this at the same time, probably because of %(cause)s. It counts against nobody.", { cause });
}
