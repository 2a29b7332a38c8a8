// What a tile says about its student: one state, in words and with a sign, the most pressing first.

import { t } from "../../shared/i18n.js";
import { countToReview } from "../incidents/alert_filter.js";
import { isGone, openAlerts } from "./arrange.js";
import { ago } from "../room/times.js";
import { cameraLabel, pictureLabel, participantLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {{name: string, label: string, sign: string}} TileState
 */

/** After so long a picture is old: three times the slowest rate of its kind, thumbnails come one in three seconds. */
export const STALE_AFTER_MS = 3000;
export const THUMBNAIL_STALE_AFTER_MS = 9000;

const RANK = ["notice", "warning", "critical"];

/**
 * @param {Participant} participant
 * @param {number | null} age of the newest picture, ms; null where none came yet
 * @param {number} watched for how long its pictures have been asked for, ms
 * @param {number} [patience] how old a picture may be, ms
 * @returns {TileState}
 */
export function tileState(participant, age, watched, patience = STALE_AFTER_MS) {
  return participantState(participant) ?? sightState(participant) ?? pictureAge(age, watched, patience);
}

/**
 * @param {Participant} participant
 * @returns {TileState | null}
 */
function participantState(participant) {
  if (isGone(participant)) return { name: "gone", label: participantLabel(participant.state), sign: "door-closed" };
  if (!participant.online) return { name: "offline", label: t("Offline"), sign: "wifi-off" };
  if (participant.state === "waiting") return { name: "waiting", label: t("Waiting"), sign: "hourglass-split" };
  const held = heldLabel(participant.standing?.state ?? "");
  if (held) return { name: "held", label: held, sign: "pause-circle" };
  const cannotCheck = ["denied", "unplugged"].includes(participant.camera);
  if (participant.state === "checking" && !cannotCheck) return { name: "checking", label: t("Checking"), sign: "sliders" };
  return null;
}

/** What a teacher did about the exam. @param {string} state */
function heldLabel(state) {
  switch (state) {
    case "paused": return t("Paused by a teacher");
    case "locked": return t("Locked by a teacher");
    case "submitted": return t("End to be confirmed");
    default: return "";
  }
}

/**
 * @param {Participant} participant
 * @returns {TileState | null}
 */
function sightState(participant) {
  if (participant.camera !== "on") {
    return { name: "camera", label: cameraLabel(participant.camera), sign: "camera-video-off" };
  }
  const blind = pictureLabel(participant.picture);
  if (blind) return { name: "blind", label: blind, sign: "eye-slash" };
  if (participant.page === "hidden") return { name: "hidden", label: t("Page hidden"), sign: "window-dash" };
  return null;
}

/**
 * @param {number | null} age
 * @param {number} watched
 * @param {number} patience
 * @returns {TileState}
 */
function pictureAge(age, watched, patience) {
  const late = watched > patience;
  if (age !== null && age <= patience) return { name: "live", label: t("Live"), sign: "record-circle" };
  if (!late) return { name: "starting", label: t("Starting"), sign: "three-dots" };
  return { name: "stale", label: age === null ? t("No picture") : ago(age), sign: "clock-history" };
}

/**
 * A picture that is old because nobody asked for newer ones is no fault until they had time to come.
 * @param {number | null} age
 * @param {number} watched
 * @param {number} [patience]
 */
export function isStale(age, watched, patience = STALE_AFTER_MS) {
  return age !== null && age > patience && watched > patience;
}

/**
 * The alert that a tile shows, the gravest and then the newest of the open ones, and how many wait for a verdict.
 * @param {readonly Alert[]} alerts
 */
export function tileAlert(alerts) {
  const open = openAlerts(alerts);
  open.sort((a, b) => RANK.indexOf(b.severity) - RANK.indexOf(a.severity) || b.raised_at - a.raised_at);
  return { alert: open[0] ?? null, unread: countToReview(alerts) };
}
