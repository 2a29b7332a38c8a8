// Measures the way to the server and back with a few small questions and one large one.

/** @typedef {(event: string, payload: {sent_at: number, padding?: string}) => Promise<unknown>} Ask */

const SMALL_QUESTIONS = 4;
const PADDING = 48 * 1024; // two or three pictures' worth
/** Beyond this the padding is too small to measure with. */
export const FASTEST_KBITS = 20_000;

/**
 * @param {Ask} ask @param {() => number} [now] milliseconds
 * @returns {Promise<import("./verdicts.js").Speed>}
 */
export async function measure(ask, now = () => performance.now()) {
  const time = async (/** @type {string | undefined} */ padding) => {
    const started = now();
    await ask("probe", { sent_at: Date.now(), ...(padding ? { padding } : {}) });
    return now() - started;
  };
  let roundTrip = Infinity;
  for (let i = 0; i < SMALL_QUESTIONS; i += 1) roundTrip = Math.min(roundTrip, await time(undefined));
  const extra = (await time("x".repeat(PADDING))) - roundTrip;
  const kbits = extra > 0 ? (PADDING * 8) / extra : FASTEST_KBITS;
  return { roundTrip, kbits: Math.min(FASTEST_KBITS, kbits) };
}
