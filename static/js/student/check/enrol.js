// Taking the pictures for the comparison: asks the server to begin, then once a second whether it has enough.

import { N_ } from "./mark.js";

/** @typedef {(event: string, payload: Record<string, unknown>) => Promise<any>} Ask rejects with a Problem */
/** @typedef {"enrolled" | "late" | "off" | "stopped"} Outcome */
/** @typedef {{text: string, help: string}} Words keys for t() */

export const MOST_SECONDS = 20;
const LOOK_EVERY_MS = 1000;

/** What the server could not use in the newest picture, and what to do about it. @type {Record<string, Words>} */
const REASONS = {
  "no face": {
    text: N_("Your face was not found."),
    help: N_("Sit so that your whole face is in the picture, with the light in front of you rather than behind."),
  },
  "several faces": {
    text: N_("More than one face is in the picture."),
    help: N_("Please sit alone in the picture. A poster or photo behind you can look like a face: turn a little."),
  },
  "turned away": { text: N_("Your face is turned away."), help: N_("Look straight at the camera for a moment.") },
  "too far away": { text: N_("You are too far away."), help: N_("Come closer, to about an arm's length from the camera.") },
  "poor light": {
    text: N_("The light on your face is not good."),
    help: N_("Switch on a lamp in front of you or turn towards a window."),
  },
  "too close to tell": { text: N_("The check is not certain yet."), help: N_("Look straight at the camera, in good light.") },
  "unlike the photo": {
    text: N_("You do not look like your teacher's photo of you."),
    help: N_("Face the camera in good light, as on your photo. You can go on all the same: your teacher looks and decides."),
  },
  "more pictures are needed": { text: N_("Good. One moment more."), help: N_("Stay as you are and look at the camera.") },
};
const LOOKING = { text: N_("Being checked…"), help: N_("Stay as you are and look at the camera.") };

/** @param {string | null} reason as the server gives it @returns {Words} */
export function reasonWords(reason) {
  return REASONS[reason ?? ""] ?? LOOKING;
}

/**
 * @param {Ask} ask
 * @param {(reason: string | null, passed: number) => void} show the newest reason, and seconds since the beginning
 * @param {{pause: (ms: number) => Promise<unknown>, isWanted: () => boolean}} world
 * @returns {Promise<Outcome>} `off` where the server does not compare faces or cannot be reached
 */
export async function takePictures(ask, show, { pause, isWanted }) {
  let answer = await ask("enrol", { phase: "start" }).catch(() => null);
  for (let passed = 0; answer; passed += 1) {
    if (!isWanted()) return "stopped";
    if (answer.enrolled) return "enrolled";
    if (passed >= MOST_SECONDS) return "late";
    // "no face" is also what the server says before it analysed the first picture
    show(passed < 2 && answer.reason === "no face" ? null : answer.reason, passed);
    await pause(LOOK_EVERY_MS);
    answer = await ask("enrol", { phase: "done" }).catch(() => null);
  }
  return isWanted() ? "off" : "stopped";
}

/** Whether pictures were taken before, on a page that was loaded again. @param {Ask} ask */
export async function isEnrolled(ask) {
  const answer = await ask("enrol", { phase: "done" }).catch(() => null);
  return Boolean(answer?.enrolled);
}
