// Sending a photo that students are to be compared with: made small here, one at a time, and its outcome waited for.

import { t } from "./i18n.js";

/**
 * @typedef {{address: string, csrf: string}} Place where photos are sent to
 * @typedef {{name: string} | {participant: string}} Subject whom a photo is for
 * @typedef {{state: "looking" | "kept" | "refused", text: string, name?: string, present?: number, outcome?: string}} Outcome
 * @typedef {object} World what a browser does; tests have another
 * @property {(file: Blob) => Promise<Blob>} shrink
 * @property {(address: string, options?: RequestInit) => Promise<Response>} fetch
 * @property {(ms: number) => Promise<unknown>} pause
 */

/** The analysis takes pictures of this size at most; a face needs far less. */
const LONGEST_SIDE = 1080;
const QUALITY = 0.9;
const ASK_EVERY_MS = 700;
const MOST_QUESTIONS = 45;

/** @type {World} */
export const BROWSER = {
  shrink,
  fetch: (address, options) => fetch(address, options),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * The student's name as a file's name says it: "03_Müller-Zoé (2).JPG" is of Müller Zoé.
 * @param {string} file
 */
export function nameOfFile(file) {
  const bare = file.replace(/\.[^.]{1,5}$/u, "").replace(/\([^)]*\)/gu, " ");
  return bare.split(/[\s_.\-–—,;+]+/u).filter((word) => /\p{L}/u.test(word)).join(" ").slice(0, 60);
}

/**
 * Send one photo; whatever goes wrong with it is in the outcome, so that others go on.
 * @param {Blob} file
 * @param {Subject} subject
 * @param {Place} place
 * @param {World} [world]
 * @returns {Promise<Outcome>}
 */
export async function sendPhoto(file, subject, place, world = BROWSER) {
  /** @type {Blob} */
  let small;
  try {
    small = await world.shrink(file);
  } catch {
    return refused(t("This browser cannot open this file as a picture."));
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(subject)) form.set(name, value);
  form.set("photo", small, "photo.jpg");
  try {
    let told = await ask(world, place.address, { method: "POST", body: form, headers: { "X-CSRFToken": place.csrf } });
    const address = told.outcome ?? "";
    for (let asked = 0; told.state === "looking" && asked < MOST_QUESTIONS; asked += 1) {
      await world.pause(ASK_EVERY_MS);
      told = await ask(world, address);
    }
    return told.state === "looking" ? refused(t("The server did not answer in time. Please try again.")) : told;
  } catch {
    return refused(t("The server could not be reached, or you are no longer logged in."));
  }
}

/**
 * @param {World} world
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Outcome>}
 */
async function ask(world, address, options) {
  const answer = await world.fetch(address, options);
  return answer.json();
}

/** @param {string} text @returns {Outcome} */
function refused(text) {
  return { state: "refused", text };
}

/**
 * The picture upright as its file says, and no larger than the analysis takes; what else the file holds (where and when
 * it was taken) stays here.
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}
