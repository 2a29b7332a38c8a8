// The names, signs and explanations of everything a teacher reads in tiles and alerts.

import { t } from "../../shared/i18n.js";

/** @param {string} kind */
export function kindLabel(kind) {
  switch (kind) {
    case "FACE_NOT_FOUND": return t("No face");
    case "MULTIPLE_FACES": return t("Several faces");
    case "CAMERA_BLOCKED": return t("Cannot see");
    case "CONNECTION_LOST": return t("Connection lost");
    case "CAMERA_LOST": return t("Camera lost");
    case "PAGE_HIDDEN": return t("Left the page");
    case "PHONE_DETECTED": return t("Phone");
    case "FORBIDDEN_OBJECT": return t("Forbidden object");
    case "SECOND_PERSON": return t("Second person");
    case "LOOKING_AWAY": return t("Looking away");
    case "EYES_CLOSED": return t("Eyes closed");
    case "TALKING": return t("Talking");
    case "IDENTITY_MISMATCH": return t("Another person");
    case "CAMERA_REPLACED": return t("Camera replaced");
    case "LOCATION_OUTSIDE": return t("Elsewhere");
    case "PHONE_CHANNEL_LOST": return t("Phone lost");
    case "SCREEN_NOT_IN_VIEW": return t("Screen not in view");
    case "CAMERA_MOVED": return t("Camera moved");
    case "ARM_MOTION": return t("Arm movement");
    case "SPEECH_DETECTED": return t("Speech");
    case "KEYWORD_HEARD": return t("Phrase heard");
    default: return t(kind.toLowerCase().replaceAll("_", " "));
  }
}

const KIND_SIGNS = new Map([
  ["FACE_NOT_FOUND", "person-x"],
  ["MULTIPLE_FACES", "people-fill"],
  ["CAMERA_BLOCKED", "eye-slash"],
  ["CONNECTION_LOST", "wifi-off"],
  ["CAMERA_LOST", "camera-video-off"],
  ["PAGE_HIDDEN", "window-dash"],
  ["PHONE_DETECTED", "phone"],
  ["FORBIDDEN_OBJECT", "book"],
  ["SECOND_PERSON", "person-plus"],
  ["LOOKING_AWAY", "arrow-left-right"],
  ["EYES_CLOSED", "moon"],
  ["TALKING", "chat-quote"],
  ["IDENTITY_MISMATCH", "person-exclamation"],
  ["CAMERA_REPLACED", "camera-reels"],
  ["LOCATION_OUTSIDE", "geo-alt"],
  ["PHONE_CHANNEL_LOST", "phone-vibrate"],
  ["SCREEN_NOT_IN_VIEW", "display"],
  ["CAMERA_MOVED", "phone-landscape"],
  ["ARM_MOTION", "activity"],
  ["SPEECH_DETECTED", "soundwave"],
  ["KEYWORD_HEARD", "chat-left-quote"],
]);

/** @param {string} kind */
export function kindSign(kind) {
  return KIND_SIGNS.get(kind) ?? "flag";
}

/**
 * What the kind means and what it does not mean, for a fair decision.
 * @param {string} kind
 */
export function kindMeaning(kind) {
  switch (kind) {
    case "FACE_NOT_FOUND":
      return t("No face was found in a picture that could be seen well. Looking down at paper, a hand before the face or a tilted screen can cause this too: look at the picture before you decide.");
    case "MULTIPLE_FACES":
      return t("More than one face was found. A poster, a screen or a mirror in the background can cause this too: look at the picture before you decide.");
    case "CAMERA_BLOCKED":
      return t("The picture cannot be judged. This is no violation: help the student to mend light or camera.");
    case "CONNECTION_LOST":
      return t("The student's connection broke. This is no violation: the page reconnects by itself.");
    case "CAMERA_LOST":
      return t("The camera stopped or was taken by another program. Ask the student before you decide.");
    case "PAGE_HIDDEN":
      return t("The exam page was not in front. Another tab, another program or a system message can cause this: ask the student before you decide.");
    case "PHONE_DETECTED":
    case "FORBIDDEN_OBJECT":
      return t("A thing was found that looks like a forbidden one. A calculator, a glasses case or a remote control can be mistaken for it: look at the picture before you decide.");
    case "SECOND_PERSON":
      return t("Somebody else is seen whose face is not in the picture.");
    case "LOOKING_AWAY":
      return t("Head and eyes are turned to the side or up for long. Looking at paper is normal.");
    case "EYES_CLOSED":
      return t("The eyes are closed for long. The student may be unwell.");
    case "TALKING":
      return t("The mouth goes on moving. It may be chewing or silent reading.");
    case "IDENTITY_MISMATCH":
      return t("The face is not the one of the system check, in several comparisons. Light, glasses or a hand before the face can cause this too: ask the student before you decide.");
    case "CAMERA_REPLACED":
      return t("A recording that repeats, or a program that makes up a camera. Ask the student before you decide.");
    case "SPEECH_DETECTED":
      return t("Speech was heard near a microphone of the student. Whose voice it is cannot be told: it may be a neighbour, a television or the student reading aloud.");
    case "KEYWORD_HEARD":
      return t("One of the room's phrases was heard. Machines mishear: read what was understood, or listen, before you decide.");
    case "SCREEN_NOT_IN_VIEW":
      return t("The phone on the head sees neither a screen nor the code on the exam page. Somebody who writes on paper looks down for long; else the phone may have slipped. This is no violation.");
    case "ARM_MOTION":
      return t("The arm with the phone was at the face, or moved strongly. It cannot tell a telephone from a drink, hair that is tidied or a head that rests on the hand: look at the pictures before you decide.");
    case "CAMERA_MOVED":
      return t("The phone that films the room was tilted, or films something else than at the beginning. It may have been knocked over: look at its picture. Where it stays for a minute is taken as its new place.");
    case "PHONE_CHANNEL_LOST":
      return t("A phone of the student is not connected: an empty battery, a locked screen or the network. This is no violation: help the student to open its page again.");
    case "LOCATION_OUTSIDE":
      return t("The student's device says that it is elsewhere. Devices without GPS are often wrong about that: ask the student before you decide.");
    default:
      return "";
  }
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
