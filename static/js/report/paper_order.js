// A report that the server makes as PDF in the background: ordered, asked after until it is ready, and then offered.

/**
 * @typedef {{state: "none" | "waiting" | "done" | "failed" | "direct", percent?: number, link?: string, text?: string}} Progress
 * @typedef {{address: string, csrf: string}} Place
 * @typedef {object} World what a browser does; tests have another
 * @property {(address: string, options?: RequestInit) => Promise<Response>} fetch
 * @property {(ms: number) => Promise<unknown>} pause
 */

const ASK_EVERY_MS = 500;
const MOST_FAILURES = 20;
/** @type {Progress} */
const LOST = { state: "failed", text: "" };

/** @type {World} */
export const BROWSER = {
  fetch: (address, options) => fetch(address, options),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Order the report and follow it.
 * @param {Place} place
 * @param {(progress: Progress) => void} show
 * @param {World} [world]
 * @returns {Promise<Progress>} how it ended
 */
export async function orderPaper(place, show, world = BROWSER) {
  const order = { method: "POST", headers: { "X-CSRFToken": place.csrf } };
  return follow(await ask(place, world, order), place, show, world);
}

/**
 * Follow a report that was ordered before, as before the page was loaded again.
 * @param {Place} place
 * @param {(progress: Progress) => void} show
 * @param {World} [world]
 */
export async function followPaper(place, show, world = BROWSER) {
  const found = await ask(place, world);
  return found?.state === "waiting" ? follow(found, place, show, world) : null;
}

/** @param {Progress | null} told @param {Place} place @param {(progress: Progress) => void} show @param {World} world */
async function follow(told, place, show, world) {
  let failures = 0;
  while (!told || told.state === "waiting") {
    if (!told && ++failures > MOST_FAILURES) return LOST;
    if (told) show(told);
    await world.pause(ASK_EVERY_MS);
    told = await ask(place, world);
  }
  return told;
}

/** @param {Place} place @param {World} world @param {RequestInit} [options] @returns {Promise<Progress | null>} */
async function ask(place, world, options) {
  try {
    const answer = await world.fetch(place.address, options);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
