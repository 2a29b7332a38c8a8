// The checkpoints of the exam's evidence that this browser keeps: what the server signed, it cannot change later unseen.

import { el, icon } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/** @typedef {{size: number, note: string, key: string}} Checkpoint as the event `checkpoint` tells it */
/** @typedef {{at: number, key: string, notes: Record<string, string>}} Kept */

const PREFIX = "exam-witness-";
const MOST_ROOMS = 5;
const MOST_NOTES = 600; // of one room: ten hours, 300 bytes each

export class Witness {
  /** @param {string} room @param {Storage} [storage] */
  constructor(room, storage = localStorage) {
    this.name = PREFIX + room;
    this.storage = storage;
  }

  /** Keep a checkpoint; one that was kept stays as it was. @param {Checkpoint} told @param {number} [now] */
  take({ size, note, key }, now = Date.now()) {
    const { notes } = this.kept();
    const all = Object.entries({ [size]: note, ...notes }).sort(([a], [b]) => Number(a) - Number(b));
    this.#write({ at: now, key, notes: Object.fromEntries(all.slice(-MOST_NOTES)) });
  }

  /** How many there are. */
  get count() {
    return Object.keys(this.kept().notes).length;
  }

  /** All of them, one after the other, as the verifier takes them. */
  text() {
    const { notes } = this.kept();
    return Object.keys(notes).map(Number).sort((a, b) => a - b).map((size) => notes[size]).join("");
  }

  /** @returns {Kept} */
  kept() {
    try {
      return JSON.parse(this.storage.getItem(this.name) ?? "null") ?? { at: 0, key: "", notes: {} };
    } catch {
      return { at: 0, key: "", notes: {} }; // storage is switched off, or somebody wrote into it
    }
  }

  /** @param {Kept} kept */
  #write(kept) {
    try {
      this.storage.setItem(this.name, JSON.stringify(kept));
      this.#tidy();
    } catch {
      // Storage is switched off or full: other browsers of the room keep theirs.
    }
  }

  /** Let go of rooms of long ago. */
  #tidy() {
    const names = Object.keys(this.storage).filter((name) => name.startsWith(PREFIX));
    const at = (/** @type {string} */ name) => JSON.parse(this.storage.getItem(name) ?? "{}").at ?? 0;
    for (const name of names.sort((a, b) => at(b) - at(a)).slice(MOST_ROOMS)) this.storage.removeItem(name);
  }
}

/** The line on the last page: how many there are, and a button to take them away. @param {Witness} witness @returns {HTMLElement[]} nothing where there are none */
export function witnessLine(witness) {
  const { count } = witness;
  if (!count) return [];
  const words = count === 1 ? t("You hold 1 checkpoint of this exam's evidence.") : t("You hold %(count)d checkpoints of this exam's evidence.", { count });
  const help = t("With them anybody can find out whether the evidence was changed later.");
  const address = URL.createObjectURL(new Blob([witness.text()], { type: "text/plain" }));
  const link = el("a", { class: "btn btn-sm btn-quiet", href: address, download: "checkpoints.txt" }, icon("download"), ` ${t("Download the checkpoints")}`);
  return [el("div", { class: "witness" }, el("p", {}, words, " ", el("span", { class: "soft" }, help)), link)];
}
