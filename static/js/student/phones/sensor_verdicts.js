// What the system check says of the microphone and the location, in rooms that ask for them. Pure: facts in, words out.

import { N_ } from "../check/mark.js";

/** @typedef {import("../check/verdicts.js").Verdict} Verdict */
/** @typedef {{microphone: string | null, place: string | null, browser: import("../check/camera_help.js").Browser}} Facts null: not asked for */

const NO_BLAME = N_("You can go on without: your teacher sees it, and it does not count against you.");

/** @type {Record<string, Verdict>} */
const MICROPHONE = {
  on: { mark: "good", text: N_("Your microphone works. Sound is sent only while something can be heard.") },
  off: {
    mark: "busy",
    text: N_("Your browser asks whether this page may use your microphone. Please allow it."),
    help: [N_("If it does not ask, click anywhere on this page once.")],
  },
  denied: {
    mark: "bad",
    text: N_("This page may not use your microphone."),
    help: [N_("Click the sign at the left of the address bar, and set “Microphone” to “Allow”; then press “Try again”."), NO_BLAME],
  },
  none: {
    mark: "bad",
    text: N_("No microphone was found."),
    help: [N_("Plug in a headset or a microphone, or close the program that holds it."), NO_BLAME],
  },
};

/** @type {Record<string, Verdict>} */
const PLACE = {
  asking: { mark: "busy", text: N_("Your browser asks whether this page may know your location.") },
  known: { mark: "good", text: N_("Your location is known to this exam alone.") },
  denied: { mark: "unknown", text: N_("Your location is not allowed: it counts as unknown, not as being elsewhere.") },
  unknown: { mark: "unknown", text: N_("Your location could not be found: it counts as unknown, not as being elsewhere.") },
};

/** @param {Facts} facts @returns {Record<string, Verdict>} only what this room asks for */
export function senseVerdicts({ microphone, place }) {
  return {
    ...(microphone === null ? {} : { microphone: MICROPHONE[microphone] }),
    ...(place === null ? {} : { place: PLACE[place] }),
  };
}
