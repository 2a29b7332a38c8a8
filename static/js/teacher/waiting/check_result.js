// What the system check of a student came to, as far as a teacher must know it before letting somebody in. Plain functions.

import { t } from "../../shared/i18n.js";
import { channelLabel, phoneTone, phoneWords } from "../large/phone_labels.js";
import { identityWords } from "../large/score_labels.js";
import { cameraLabel, pictureLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Participant} Participant */

/**
 * What did not work, in words, the gravest first; nothing of it counts against a student. What the server could not look
 * at, and a student who is offline for a moment, is no trouble.
 * @param {Participant} participant
 * @returns {string[]}
 */
export function checkTroubles(participant) {
  return [...identityTrouble(participant), ...cameraTrouble(participant), ...senseTroubles(participant)];
}

/** Whoever is unlike the photo is let in by hand alone, after a look. @param {Participant} participant */
export function isUnlike({ identity, reference }) {
  return identity === "mismatch" && reference === "photo";
}

/** @param {Participant} participant */
function identityTrouble(participant) {
  return isUnlike(participant) ? [identityWords(participant)] : [];
}

/** @param {Participant} participant */
function cameraTrouble({ camera, picture, faces }) {
  if (camera !== "on") return [cameraLabel(camera)];
  const seen = pictureLabel(picture);
  if (seen) return [seen];
  if (faces === 0) return [t("No face was found")];
  return faces !== null && faces > 1 ? [t("Several faces")] : [];
}

/** @param {Participant} participant */
function senseTroubles({ microphone, conditions, phones = [] }) {
  const troubles = [];
  if (microphone === "denied") troubles.push(t("Microphone not allowed"));
  if (microphone === "none") troubles.push(t("No microphone"));
  if (conditions?.place?.state === "outside") troubles.push(t("Elsewhere"));
  for (const phone of phones) {
    const isPoor = phone.required ? phoneTone(phone) !== "good" : phoneTone(phone) === "lost";
    if (isPoor) troubles.push(t("%(phone)s: %(trouble)s", { phone: channelLabel(phone.role), trouble: phoneWords(phone) }));
  }
  return troubles;
}

/** Whether the server has analysed a picture. @param {Participant} participant */
export function wasLookedAt({ camera, picture, faces }) {
  return camera === "on" && (picture !== "unknown" || faces !== null);
}
