// Two people decide on an incident: plain functions over what this teacher may know of that.

import { t } from "../../shared/i18n.js";
import { verdictLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Case} Case
 * @typedef {import("../incidents/incidents.js").Incident} Incident
 */

/** The case as long as it is about all alerts of an incident: one that came later begins it anew. @param {Case | undefined} known @param {Incident} incident @returns {Case | null} */
export function openCase(known, { until }) {
  return known && until <= known.until ? known : null;
}

/** Whether this teacher has done what there is to do, and another person is waited for. @param {Case | null} known */
export function waitsForOther(known) {
  return known?.state === "first" && known.own;
}

/** What a card says of it; "" where there is nothing to say. @param {Case | null} known */
export function caseWords(known) {
  if (!known) return "";
  const { state, own, first_by: name } = known;
  if (state === "first") return own ? t("Your decision: %(verdict)s. A second person decides without seeing it.", { verdict: label(known.first) }) : t("First decision by %(name)s. Yours is the second; you see both afterwards.", { name });
  const both = t("%(first_by)s: %(first)s · %(second_by)s: %(second)s", { first_by: name, first: label(known.first), second_by: known.second_by, second: label(known.second) });
  if (state === "second") return `${t("The two decisions differ. Somebody must say what holds.")} ${both}`;
  const outcome = known.final_by ? t("Decided at last by %(name)s.", { name: known.final_by }) : t("Both decided the same.");
  return `${outcome} ${both}`;
}

/** The notes of both, once both may be seen. @param {Case | null} known */
export function caseNotes(known) {
  if (!known) return [];
  return [[known.first_by, known.first_note], [known.second_by, known.second_note]].filter(([, note]) => note);
}

/** @param {string | null} verdict */
function label(verdict) {
  return verdictLabel(verdict ?? "new");
}
