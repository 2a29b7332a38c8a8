// What teachers did about this exam: a page in its place while it is held, else a line above it that is read and closed.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";
import { heldWords, newsWords, reasonWords } from "./words.js";

/**
 * @typedef {import("./words.js").Standing} Standing
 * @typedef {import("./words.js").News} News
 * @typedef {(actions: string[], step: "delivered" | "acknowledged") => Promise<unknown>} Took
 */

const HOLDS = new Set(["pause", "lock"]);

export class Held {
  /** @param {Took} took tells the server what was shown, or read */
  constructor(took) {
    this.took = took;
    this.sign = find("#held-sign", HTMLElement);
    this.title = find("#held-heading", HTMLElement);
    this.why = find("#held-why", HTMLElement);
    this.note = find("#held-note", HTMLElement);
    this.what = find("#held-what", HTMLElement);
    this.read = find("#held-read", HTMLButtonElement);
    this.strip = find("#news", HTMLElement);
    this.words = find(".grow", HTMLElement, this.strip);
    this.extra = find("#extra-time", HTMLElement);
    /** @type {News[]} */
    this.news = [];
    /** @type {Set<string>} */
    this.shown = new Set();
    this.read.addEventListener("click", () => void this.acknowledge(HOLDS));
    find("button", HTMLButtonElement, this.strip).addEventListener("click", () => void this.acknowledge(null));
  }

  /** @param {Standing} standing */
  show({ state, reason, note, minutes }) {
    this.extra.hidden = minutes === 0;
    this.extra.textContent = t("%(minutes)d minutes extra", { minutes });
    if (!state) return;
    const { sign, title, what } = heldWords(state);
    this.sign.className = `bi bi-${sign}`;
    this.title.textContent = title;
    this.what.textContent = what;
    this.why.textContent = reasonWords(reason);
    this.note.textContent = note;
    this.note.hidden = note === "";
  }

  /** @param {News[]} news what was not read yet */
  take(news) {
    this.news = news;
    const words = [...new Set(news.filter(({ verb }) => !HOLDS.has(verb)).map(newsWords))].join(" ");
    this.strip.hidden = words === "";
    if (words && this.words.textContent !== words) announce(words);
    this.words.textContent = words;
    this.read.hidden = !news.some(({ verb }) => HOLDS.has(verb));
    const unshown = news.map(({ id }) => id).filter((id) => !this.shown.has(id));
    if (unshown.length === 0) return;
    for (const id of unshown) this.shown.add(id);
    this.took(unshown, "delivered").catch(() => unshown.forEach((id) => this.shown.delete(id)));
  }

  /** @param {ReadonlySet<string> | null} verbs null: those of the line above the exam */
  async acknowledge(verbs) {
    const read = this.news.filter(({ verb }) => (verbs ?? HOLDS).has(verb) === (verbs !== null));
    try {
      await this.took(read.map(({ id }) => id), "acknowledged");
      this.take(this.news.filter((one) => !read.includes(one)));
    } catch {
      // It is shown again with the next news; nothing is lost by that.
    }
  }
}
