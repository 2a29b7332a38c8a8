// Which alerts the teacher wants to see: plain functions.

import { t } from "../../shared/i18n.js";
import { commonCause } from "../room/labels.js";

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
    isJudgedSo(alert, wish) &&
    (wish.severity === "" || alert.severity === wish.severity) &&
    (wish.kind === "" || alert.kind === wish.kind) &&
    (wish.participant === "" || alert.participant === wish.participant)
  );
}

/** What is to be reviewed needs a verdict; notices are listed there only where they are asked for. @param {Alert} alert @param {AlertWish} wish */
function isJudgedSo(alert, wish) {
  if (wish.verdict === "new" && wish.severity !== "notice") return needsReview(alert);
  return wish.verdict === "" || alert.verdict === wish.verdict;
}

/**
 * Whether an alert waits for a verdict: what the list shows first, and what tab, title and tiles count. Notices accuse
 * nobody: something cannot be seen, or only resembles what is forbidden.
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
 * The notices that nobody has looked at, by kind, the most frequent first: the list of what is to be reviewed leaves them out.
 * @param {Iterable<Alert>} alerts
 * @param {AlertWish} wish
 * @returns {[string, number][]} kind and how many
 */
export function noticesOf(alerts, wish) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  if (wish.verdict !== "new" || !["", "notice"].includes(wish.severity)) return [];
  for (const alert of alerts) {
    if (isWanted(alert, { ...wish, severity: "notice" })) counts.set(alert.kind, (counts.get(alert.kind) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
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
  if (isOfRoom(alert)) {
    const cause = commonCause(alert.kind);
    said.push(t("Many students had this at the same time, probably because of %(cause)s. It counts against nobody.", { cause }));
  }
  return said.join(" ");
}

/** Whether the alert is part of an incident of the whole room. @param {Alert} alert */
export function isOfRoom(alert) {
  return (alert.incident ?? "").startsWith("room.");
}
