// How to mend each kind of camera trouble, in the words of the browser that the student has in front of them.

import { N_ } from "./mark.js";

/** @typedef {"ios" | "android" | "firefox" | "safari" | "edge" | "chrome"} Browser */

/** @param {string} agent navigator.userAgent @returns {Browser} */
export function browserOf(agent) {
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  if (/Android/.test(agent)) return "android";
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Edg\//.test(agent)) return "edge";
  return /Chrome\/|Chromium\//.test(agent) ? "chrome" : "safari";
}

/** @type {Record<Browser, string[]>} */
const ALLOW = {
  chrome: [
    N_("Click the camera or settings sign at the left of the address bar, and set “Camera” to “Allow”."),
    N_("If it is allowed there, check in the privacy settings of your computer that this browser may use the camera."),
  ],
  edge: [
    N_("Click the lock at the left of the address bar, and set “Camera” to “Allow”."),
    N_("If it is allowed there, check in the privacy settings of Windows that this browser may use the camera."),
  ],
  firefox: [
    N_("Click the crossed-out camera sign at the left of the address bar and remove the block; then press “Try again”."),
    N_("Tick “Remember this decision” so that a reload does not ask again."),
  ],
  safari: [
    N_("In the menu Safari, choose “Settings for this website” and set “Camera” to “Allow”."),
    N_("If it is allowed there, check in System Settings, Privacy, Camera that Safari is ticked."),
  ],
  ios: [
    N_("Touch the sign at the left of the address bar, then “Website Settings”, and set “Camera” to “Allow”."),
    N_("If it is allowed there, check in the Settings app under your browser's name that “Camera” is on."),
  ],
  android: [
    N_("Touch the sign at the left of the address bar, then “Permissions”, and allow the camera."),
    N_("If it is allowed there, check in the settings of your phone under Apps that the browser may use the camera."),
  ],
};

/** @type {Record<string, string[]>} */
const HELP = {
  none: [
    N_("Is a webcam plugged in? If it has a switch or a cover, open it."),
    N_("Try another USB socket. The page goes on by itself when a camera appears."),
  ],
  unplugged: [N_("Plug the camera in again. The page goes on by itself when it is back.")],
  busy: [
    N_("Another program uses the camera. Close video calls and other tabs that show you, then press “Try again”."),
    N_("If that does not help, unplug the camera and plug it in again, or restart the browser."),
  ],
  muted: [
    N_("The camera is on but gives no picture. Open its cover, or press the camera key of your keyboard."),
    N_("A laptop that was asleep may need a moment; if nothing changes, press “Try again”."),
  ],
  insecure: [
    N_("Browsers give the camera only to pages whose address begins with https://, and this one does not."),
    N_("Please ask your teacher for the address that begins with https://."),
  ],
};

/** @type {Record<string, string>} */
const TITLES = {
  asking: N_("Your browser asks whether this page may use your camera. Please allow it."),
  on: N_("Your camera works."),
  denied: N_("This page may not use your camera."),
  unplugged: N_("The camera was unplugged."),
  muted: N_("The camera gives no picture."),
  none: N_("No camera was found."),
  busy: N_("The camera cannot be opened."),
  insecure: N_("The browser allows no camera at this address."),
};

/** One sentence for a camera's state. @param {string} state @returns {string} a key for t() */
export function cameraTitle(state) {
  return TITLES[state];
}

/** What to do about a camera's state. @param {string} state @param {Browser} browser @returns {string[]} keys for t() */
export function cameraHelp(state, browser) {
  return state === "denied" ? ALLOW[browser] : (HELP[state] ?? []);
}
