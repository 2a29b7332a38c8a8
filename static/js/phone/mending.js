// What a phone lacks for its role, and how to mend that in the words of its own system. Pure: facts in, words out.

import { N_ } from "../shared/i18n.js";
import { cameraHelp, cameraTitle } from "../student/check/camera_help.js";

/** @typedef {import("../student/check/camera_help.js").Browser} Browser */
/** @typedef {{camera: boolean, motion: boolean, microphone: boolean, place: boolean}} Needs */
/**
 * @typedef {object} Facts
 * @property {Needs} needs
 * @property {Browser} browser
 * @property {boolean} online
 * @property {boolean} secure
 * @property {string} camera
 * @property {string} motion
 * @property {string} microphone
 * @property {string} place
 * @property {"kept" | "lost" | "unsupported"} awake
 * @property {"seen" | "not_seen" | "unknown" | null} proof whether the camera sees the code on the exam page
 * @property {number | null} battery
 * @property {boolean | null} charging
 */
/** @typedef {{name: string, weight: "bad" | "note", title: string, help: string[]}} Lack texts are keys for t() */

export const LOW_BATTERY = 0.15;
const isApple = (/** @type {Browser} */ browser) => browser === "ios" || browser === "safari";

/** @type {Record<string, string>} */
const MOTION = {
  denied: N_("This page may not read the motion sensor."),
  none: N_("This phone reports no movement."),
  silent: N_("The motion sensor has stopped."),
};
const MOTION_HELP = {
  deniedApple: [
    N_("Close this tab, open the page again, press “Start” and answer “Allow”."),
    N_("If it does not ask, close your browser completely and open it again; or look in the Settings app under Apps, Safari."),
  ],
  none: [
    N_("In Chrome, check under Settings, Site settings, Motion sensors that they are allowed; then load this page again."),
    N_("A phone or tablet without a motion sensor cannot be used here: take another one, and tell your teacher before the exam."),
  ],
  silent: [N_("Unlock the phone, keep this page in front, and touch “Try again”.")],
};
const MICROPHONE_HELP = {
  denied: [
    N_("Touch the sign at the left of the address bar and allow the microphone; then touch “Try again”."),
    N_("Your teacher sees that this phone cannot hear; it does not count against you."),
  ],
  none: [N_("No microphone was found, or another app holds it. Close calls and recorders, then touch “Try again”.")],
  off: [N_("Touch the page once: your browser waits for that.")],
};
const SCREEN_HELP = {
  apple: [N_("Set Settings, Display & Brightness, Auto-Lock to “Never” for the time of the exam.")],
  other: [
    N_("Set Settings, Display, Screen timeout to the longest time, and touch the screen now and then."),
    N_("If the phone saves battery, switch that off and plug it in."),
  ],
};
const UNSEEN = N_("The camera does not see your screen.");
const UNSEEN_HELP = [N_("Turn the phone until the black and white square beside the exam is in its picture.")];

/** @param {Facts} facts @returns {Lack[]} what is bad first */
export function lacksOf(facts) {
  const { needs } = facts;
  const found = [
    ...(facts.online ? [] : [bad("offline", N_("No connection. This page tries again by itself."), [N_("Is Wi-Fi on, and the school's network chosen?")])]),
    ...(needs.camera ? cameraLack(facts) : []),
    ...(needs.motion ? motionLack(facts) : []),
    ...(needs.microphone ? microphoneLack(facts) : []),
    ...batteryLack(facts),
    ...awakeLack(facts),
    ...(needs.camera && facts.proof === "not_seen" ? [note("proof", UNSEEN, UNSEEN_HELP)] : []),
    ...(needs.place ? placeLack(facts) : []),
  ];
  return [...found.filter(({ weight }) => weight === "bad"), ...found.filter(({ weight }) => weight === "note")];
}

/** Whether a sensor is still starting, so that nothing can be said yet. @param {Facts} facts */
export function isStarting({ needs, camera, motion }) {
  return (needs.camera && camera === "asking") || (needs.motion && motion === "off");
}

/** @param {string} name @param {string} title @param {string[]} help @returns {Lack} */
function bad(name, title, help) {
  return { name, weight: "bad", title, help };
}

/** @param {string} name @param {string} title @param {string[]} help @returns {Lack} */
function note(name, title, help) {
  return { name, weight: "note", title, help };
}

/** @param {Facts} facts @returns {Lack[]} */
function cameraLack({ camera, browser }) {
  if (camera === "on" || camera === "asking") return [];
  return [bad("camera", cameraTitle(camera), PHONE_CAMERA[camera] ?? cameraHelp(camera, browser))];
}

/** Where a phone differs from a computer with a webcam. @type {Record<string, string[]>} */
const PHONE_CAMERA = {
  none: [N_("This phone does not give the page a camera. Take another phone, and tell your teacher before the exam.")],
  unplugged: [N_("The camera was interrupted, perhaps by a call. Touch “Try again”.")],
  busy: [N_("Another app uses the camera. Close calls and camera apps, then touch “Try again”.")],
  muted: [N_("The camera is on but gives no picture. Keep this page in front, or touch “Try again”.")],
};

/** @param {Facts} facts @returns {Lack[]} */
function motionLack({ needs, motion, browser, secure }) {
  if (motion === "on" || motion === "off") return [];
  // a phone that films is only felt for whether somebody moves it
  if (needs.camera) return [note("motion", MOTION[motion] ?? MOTION.none, [N_("You can go on: here the sensor only shows whether somebody moves the phone.")])];
  const insecure = [N_("Browsers give sensors only to pages whose address begins with https://, and this one does not.")];
  if (motion === "none" && !secure) return [bad("motion", MOTION.none, insecure)];
  if (motion === "denied") return [bad("motion", MOTION.denied, isApple(browser) ? MOTION_HELP.deniedApple : MOTION_HELP.none)];
  return [motion === "silent" ? bad("motion", MOTION.silent, MOTION_HELP.silent) : bad("motion", MOTION.none, MOTION_HELP.none)];
}

/** @param {Facts} facts @returns {Lack[]} */
function microphoneLack({ microphone }) {
  if (microphone === "denied") return [bad("microphone", N_("This page may not use the microphone."), MICROPHONE_HELP.denied)];
  if (microphone === "none") return [bad("microphone", N_("No microphone was found."), MICROPHONE_HELP.none)];
  if (microphone === "off") return [note("microphone", N_("The microphone is not on yet."), MICROPHONE_HELP.off)];
  return [];
}

/** @param {Facts} facts @returns {Lack[]} */
function batteryLack({ battery, charging }) {
  if (battery === null || battery >= LOW_BATTERY || charging) return [];
  return [bad("battery", N_("The battery is nearly empty."), [N_("Plug the phone in, or use a power bank.")])];
}

/** @param {Facts} facts @returns {Lack[]} */
function awakeLack({ awake, browser }) {
  if (awake === "kept") return [];
  const help = isApple(browser) ? SCREEN_HELP.apple : SCREEN_HELP.other;
  const title = awake === "lost" ? N_("The screen is about to lock. Touch this page once.") : N_("This page cannot keep the screen on.");
  return [note("awake", title, help)];
}

/** @param {Facts} facts @returns {Lack[]} */
function placeLack({ place }) {
  if (place !== "denied") return [];
  return [note("place", N_("The location is not allowed."), [N_("You can go on: it then counts as unknown, not as being elsewhere.")])];
}
