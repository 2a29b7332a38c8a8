// The names, signs and explanations of everything a teacher reads in tiles and alerts.

import { t } from "../../shared/i18n.js";
import { ruleOf } from "./rule_catalogue.js";

/** The kind of alert that a teacher raises by hand. */
export const FLAGGED = "FLAGGED";

/** @param {string} kind */
export function kindLabel(kind) {
  if (kind === FLAGGED) return t("Flagged by a teacher");
  return t(ruleOf(kind)?.label ?? kind.toLowerCase().replaceAll("_", " "));
}

/** @param {string} kind */
export function kindSign(kind) {
  return ruleOf(kind)?.sign ?? "flag";
}

/**
 * What the kind means and what it does not mean, for a fair decision.
 * @param {string} kind
 */
export function kindMeaning(kind) {
  return t(ruleOf(kind)?.advice ?? "");
}

/**
 * What explains the kind where many students have it at once; "" where nothing does.
 * @param {string} kind
 */
export function commonCause(kind) {
  return t(ruleOf(kind)?.common_cause ?? "");
}

/** @param {string} severity */
export function severityLabel(severity) {
  switch (severity) {
    case "critical": return t("Critical");
    case "warning": return t("Warning");
    default: return t("Notice");
  }
}

/** @param {string} severity */
export function severitySign(severity) {
  switch (severity) {
    case "critical": return "exclamation-octagon-fill";
    case "warning": return "exclamation-triangle-fill";
    default: return "info-circle";
  }
}

/** @param {string} verdict */
export function verdictLabel(verdict) {
  switch (verdict) {
    case "acknowledged": return t("Acknowledged");
    case "dismissed": return t("Dismissed as wrong");
    default: return t("To review");
  }
}

/** @param {string} picture */
export function pictureLabel(picture) {
  switch (picture) {
    case "dark": return t("Too dark");
    case "overexposed": return t("Too bright");
    case "blurred": return t("Blurred");
    case "covered": return t("Camera covered");
    case "frozen": return t("Picture frozen");
    default: return "";
  }
}

/** @param {string} camera */
export function cameraLabel(camera) {
  switch (camera) {
    case "denied": return t("Camera not allowed");
    case "unplugged": return t("Camera unplugged");
    case "muted": return t("Camera paused");
    default: return t("No camera");
  }
}

/** @param {string} state */
export function roomStateLabel(state) {
  switch (state) {
    case "running": return t("Running");
    case "paused": return t("Paused");
    case "ended": return t("Ended");
    default: return t("Not started");
  }
}

/** @param {string} state */
export function participantLabel(state) {
  switch (state) {
    case "checking": return t("Checking the set-up");
    case "waiting": return t("Waiting to come in");
    case "refused": return t("Not let in");
    case "removed": return t("Removed");
    case "left": return t("Left");
    default: return t("In the exam");
  }
}
