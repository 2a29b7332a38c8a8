// Names and signs of phones, their troubles, the arm's movements and the surroundings.

import { clockTime, t } from "../../shared/i18n.js";
import { isRole, roleOf } from "../../shared/phone_roles.js";

/**
 * @typedef {import("../room/types.js").Phone} Phone
 * @typedef {import("../room/types.js").Participant} Participant
 */

/** @param {string} role @returns {string} of a phone, or of the student's computer */
export function channelLabel(role) {
  return isRole(role) ? t(roleOf(role).title) : t("Computer");
}

/** @param {string} role */
export function roleSign(role) {
  return isRole(role) ? roleOf(role).sign : "laptop";
}

/** How a phone is doing, as the tile colours it. @param {Phone} phone @returns {"good" | "poor" | "lost" | "missing"} */
export function phoneTone({ state, healthy }) {
  if (state === "connected") return healthy ? "good" : "poor";
  return state === "lost" ? "lost" : "missing";
}

/** @param {string} problem */
export function problemLabel(problem) {
  switch (problem) {
    case "offline": return t("not connected");
    case "no_camera": return t("no camera");
    case "no_motion": return t("measures no movement");
    case "no_microphone": return t("no microphone");
    case "screen_locked": return t("the screen may lock");
    case "battery_low": return t("battery is low");
    case "silent": return t("sends nothing");
    case "hidden": return t("its page is not in front");
    default: return problem.replaceAll("_", " ");
  }
}

/** @param {Phone} phone */
export function phoneWords(phone) {
  switch (phoneTone(phone)) {
    case "good": return t("Connected");
    case "poor": return phone.problems.map(problemLabel).join(", ") || t("Connected");
    case "lost": return t("Lost");
    default: return phone.required ? t("Missing, and required") : t("Not there");
  }
}

/** Battery, network and the like, in few words. @param {Phone} phone @returns {string} */
export function healthWords({ battery, charging, awake, network, proof }) {
  const parts = [];
  if (battery !== null && battery !== undefined) {
    const percent = Math.round(100 * battery);
    parts.push(charging ? t("battery %(percent)d %%, charging", { percent }) : t("battery %(percent)d %%", { percent }));
  }
  if (awake === "lost") parts.push(t("the screen may lock"));
  if (network) parts.push(network);
  if (proof?.state === "seen") parts.push(proofSeen(proof.latency_ms));
  if (proof?.state === "not_seen") parts.push(t("has not seen the code on the exam page for long"));
  return parts.join(" · ");
}

/** @param {number | null | undefined} latency milliseconds */
function proofSeen(latency) {
  if (latency === null || latency === undefined) return t("films this exam page");
  return t("films this exam page, %(seconds).1f s behind", { seconds: latency / 1000 });
}

/** @param {string | null} family of the arm's movement */
export function familyLabel(family) {
  switch (family) {
    case "calm": return t("Calm");
    case "desk": return t("Desk work");
    case "hand_to_face": return t("Hand to the face");
    case "reaching": return t("Reaching or handling");
    case "body": return t("The body moves");
    default: return t("Moves");
  }
}

/** The surroundings as lines of the card. @param {Participant} participant @returns {[string, string][]} */
export function conditionLines({ conditions }) {
  /** @type {[string, string][]} */
  const lines = [];
  const { light, sound_floor: floor, noise, place, room_motion: moved } = conditions ?? {};
  if (light?.lux !== null && light?.lux !== undefined) lines.push([t("Light"), t("%(lux)d lux", { lux: Math.round(light.lux) })]);
  else if (light?.luminance !== null && light?.luminance !== undefined) lines.push([t("Light"), lightWords(light.luminance)]);
  if (floor !== null && floor !== undefined) lines.push([t("Background noise"), t("%(level)d dB", { level: Math.round(floor) })]);
  if (noise) lines.push([t("Loud"), t("since %(time)s (%(device)s)", { time: clockTime(noise.since), device: channelLabel(noise.channel) })]);
  if (place) lines.push([t("Place"), placeWords(place)]);
  if (moved) lines.push([t("Phone in the room"), t("was moved")]);
  return lines;
}

/** @param {number} luminance 0-255 */
function lightWords(luminance) {
  if (luminance < 50) return t("dark");
  return luminance > 205 ? t("very bright") : t("good");
}

/** @param {{state: string, accuracy?: number | null}} place */
function placeWords({ state, accuracy }) {
  const metres = accuracy === null || accuracy === undefined ? null : Math.round(accuracy);
  if (state === "inside") return metres === null ? t("inside the area") : t("inside the area (within %(metres)d m)", { metres });
  if (state === "outside") return metres === null ? t("outside the area") : t("outside the area (within %(metres)d m)", { metres });
  return t("not known, which proves nothing");
}
