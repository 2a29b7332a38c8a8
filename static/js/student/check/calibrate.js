// The usual pose of a student: five dots, one after the other; the server analyses the pictures in between.

/** @typedef {"neutral" | "top_left" | "top_right" | "bottom_right" | "bottom_left"} Target */
/** @typedef {{baseline: boolean, reason: string | null} | null} Result null where the server could not do it */

/** Round the screen, so that the eyes never jump across it. @type {readonly Target[]} */
export const TARGETS = ["neutral", "top_left", "top_right", "bottom_right", "bottom_left"];
export const TARGET_MS = 2500;
// A busy server looks seldom: a dot stays a little longer until it was analysed.
const LONGER_MS = 1000;
const MOST_LONGER = 2;
const LOOKS = { neutral: 2, corner: 1 };

/**
 * @param {import("./enrol.js").Ask} ask
 * @param {(target: Target, index: number) => void} show
 * @param {{pause: (ms: number) => Promise<unknown>, isWanted: () => boolean}} world `pause` ends early when it is stopped
 * @returns {Promise<Result | "stopped">}
 */
export async function lookAtDots(ask, show, { pause, isWanted }) {
  const tell = (/** @type {string} */ phase, /** @type {string | null} */ target = null) =>
    ask("calibration", { phase, target }).catch(() => null);
  let known = await tell("start");
  for (const [index, target] of TARGETS.entries()) {
    if (!known || !isWanted()) break;
    show(target, index);
    known = await tell("point", target);
    if (known) await pause(TARGET_MS);
    const wanted = target === "neutral" ? LOOKS.neutral : LOOKS.corner;
    for (let more = 0; known && isWanted() && more <= MOST_LONGER; more += 1) {
      known = await tell("point", target); // the same dot again asks how many looks it has
      if (!known || known.samples >= wanted || more === MOST_LONGER) break;
      await pause(LONGER_MS);
    }
  }
  if (!isWanted()) {
    await tell("skip");
    return "stopped";
  }
  const answer = known && (await tell("done"));
  return answer && { baseline: Boolean(answer.baseline), reason: answer.reason ?? null };
}
