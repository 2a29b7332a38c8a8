// How the server learns a student's own desk work: 20 seconds of resting, typing and writing, one after the other.

import { N_ } from "../../shared/i18n.js";

/** @typedef {"rest" | "type" | "write"} Phase */
/** @typedef {{learnt: boolean, reason: string | null} | null} Result null where the server could not do it */

/** @type {readonly {phase: Phase, seconds: number, text: string, help: string}[]} */
export const PHASES = [
  { phase: "rest", seconds: 6, text: N_("Rest your arm on the desk."), help: N_("Leave it still until the next line comes.") },
  { phase: "type", seconds: 7, text: N_("Type this sentence in the box:"), help: N_("Use both hands, as you do in the exam. Mistakes do not matter.") },
  { phase: "write", seconds: 7, text: N_("Write a line on paper, or draw one in the air with a pen."), help: N_("Any words will do; nobody sees them.") },
];
export const SENTENCE = N_("The quick brown fox jumps over the lazy dog.");
export const SECONDS = PHASES.reduce((sum, { seconds }) => sum + seconds, 0);

/**
 * @param {import("./enrol.js").Ask} ask
 * @param {(index: number, passed: number) => void} show the phase, and seconds since the beginning
 * @param {{pause: (ms: number) => Promise<unknown>, isWanted: () => boolean}} world
 * @returns {Promise<Result | "stopped">}
 */
export async function learnArm(ask, show, { pause, isWanted }) {
  const tell = (/** @type {string} */ phase) => ask("arm_calibration", { phase }).catch(() => null);
  let answer = await tell("start");
  let passed = 0;
  for (const [index, { phase, seconds }] of PHASES.entries()) {
    if (!answer || !isWanted()) break;
    answer = await tell(phase);
    for (let second = 0; answer && isWanted() && second < seconds; second += 1, passed += 1) {
      show(index, passed);
      await pause(1000);
    }
  }
  if (!isWanted()) {
    await tell("skip");
    return "stopped";
  }
  answer = answer && (await tell("done"));
  return answer && { learnt: Boolean(answer.learnt), reason: answer.reason ?? null };
}
