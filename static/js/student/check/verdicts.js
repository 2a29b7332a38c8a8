// What the system check says of camera, connection, picture and face. Pure: facts in, words out.

import { cameraHelp, cameraTitle } from "./camera_help.js";
import { N_ } from "./mark.js";
import { FASTEST_KBITS } from "./probe.js";

/** @typedef {"good" | "bad" | "busy" | "unknown"} Mark */
/** @typedef {{mark: Mark, text: string, params?: Record<string, unknown>, help?: string[]}} Verdict texts are keys for t() */
/** @typedef {{picture: string, faces: number | null}} Look */
/** @typedef {{roundTrip: number, kbits: number}} Speed milliseconds; kilobits a second to the server */
/**
 * @typedef {object} Facts
 * @property {string} camera
 * @property {import("./camera_help.js").Browser} browser
 * @property {Look | null} look what the server saw last
 * @property {number} lookWait seconds that pictures went out without any look coming back
 * @property {boolean} analysed whether this server looks at pictures at all
 * @property {Speed | null} speed
 */

const SLOW_KBITS = 250; // one 480-pixel picture of 25 KB a second and room to spare
const FAR_MS = 600;
const NO_LOOK_S = 12; // analysis starts within seconds; later than this there is none

/** @type {Record<string, {text: string, help: string[]}>} */
const PICTURES = {
  dark: {
    text: N_("It is too dark."),
    help: [N_("Switch on a lamp in front of you or turn towards a window."), N_("A brighter screen helps as well.")],
  },
  overexposed: {
    text: N_("It is too bright."),
    help: [N_("Turn away from the window or lamp that shines into the camera, or draw the curtain.")],
  },
  blurred: {
    text: N_("The picture is blurred."),
    help: [N_("Wipe the lens with a soft cloth."), N_("Hold still for a moment, about an arm's length from the camera.")],
  },
  covered: {
    text: N_("Something covers the camera."),
    help: [N_("Open the cover of the camera and take away what is in front of it.")],
  },
  frozen: {
    text: N_("The picture does not move."),
    help: [N_("Close other programs that use the camera, then press “Try again” beside the camera.")],
  },
};

const FACE_HELP = [
  N_("Sit so that your whole face is in the picture, with the light in front of you rather than behind."),
  N_("Move the screen so that the camera looks straight at you."),
  N_("Does it still fail? You can go on: your teacher will be told, and it does not count against you."),
];

/** @param {Facts} facts @returns {Record<"camera" | "connection" | "picture" | "face", Verdict>} */
export function verdicts(facts) {
  return { camera: camera(facts), connection: connection(facts), picture: picture(facts), face: face(facts) };
}

/**
 * Whether the student may go in: `yes`, `anyway` (with the teacher told, after an honest try), or `no` (wait a moment).
 * @param {Record<string, Verdict>} all @param {number} triedSeconds
 * @returns {"yes" | "noted" | "anyway" | "no"} noted: nothing is wrong, but not everything is known to be right
 */
export function mayGo(all, triedSeconds) {
  const marks = Object.values(all).map(({ mark }) => mark);
  if (!marks.includes("bad") && !marks.includes("busy")) return marks.includes("unknown") ? "noted" : "yes";
  return triedSeconds >= 15 ? "anyway" : "no";
}

/** @param {Facts} facts @returns {Verdict} */
function camera({ camera: state, browser }) {
  const marks = /** @type {Record<string, Mark>} */ ({ on: "good", asking: "busy" });
  return { mark: marks[state] ?? "bad", text: cameraTitle(state), help: cameraHelp(state, browser) };
}

/** @param {Facts} facts @returns {Verdict} */
function connection({ speed }) {
  if (!speed) return { mark: "busy", text: N_("Measuring…") };
  const params = { ms: Math.max(1, Math.round(speed.roundTrip)), kbits: Math.round(speed.kbits) };
  const isFast = speed.kbits >= FASTEST_KBITS; // beyond what the padding can measure, a number would be made up
  const numbers = isFast
    ? N_("The server answers in %(ms)d ms; your connection is fast enough.")
    : N_("The server answers in %(ms)d ms; about %(kbits)d kbit/s can be sent.");
  if (speed.kbits >= SLOW_KBITS && speed.roundTrip <= FAR_MS) return { mark: "good", text: numbers, params };
  const help = [
    N_("Move closer to the Wi-Fi or use a cable, and close downloads and videos."),
    N_("You can take the exam like this: smaller pictures are sent, and a lost connection does not count against you."),
  ];
  return { mark: "unknown", text: N_("Your connection is slow: the server answers in %(ms)d ms; about %(kbits)d kbit/s can be sent."), params, help };
}

/** @param {Facts} facts @returns {Verdict} */
function picture(facts) {
  const { look } = facts;
  if (facts.camera !== "on") return { mark: "busy", text: N_("Waits for your camera.") };
  if (!look || look.picture === "unknown") return unseen(facts);
  if (look.picture === "ok") return { mark: "good", text: N_("The picture is clear.") };
  return { mark: "bad", ...PICTURES[look.picture] };
}

/** @param {Facts} facts @returns {Verdict} */
function face(facts) {
  const { look } = facts;
  if (facts.camera !== "on") return { mark: "busy", text: N_("Waits for your camera.") };
  if (!look || look.faces === null) return unseen(facts);
  if (look.faces === 1) return { mark: "good", text: N_("Your face is in the picture.") };
  if (look.faces > 1) {
    const help = [N_("Please sit alone in the picture. A poster or photo behind you can look like a face: turn a little.")];
    return { mark: "bad", text: N_("More than one face is in the picture."), help };
  }
  return { mark: "bad", text: N_("Your face was not found yet."), help: FACE_HELP };
}

/** @param {Facts} facts @returns {Verdict} */
function unseen({ lookWait, analysed }) {
  if (!analysed) return { mark: "unknown", text: N_("This server does not check pictures. You can go on.") };
  if (lookWait < NO_LOOK_S) return { mark: "busy", text: N_("Being checked…") };
  return { mark: "unknown", text: N_("The server cannot check this at the moment. You can go on.") };
}
