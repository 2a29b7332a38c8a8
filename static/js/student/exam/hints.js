// Gentle words about what the student can mend, one for each kind and device: gone when the matter is over, or after a while.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/** @typedef {{kind: string, channel?: string, text?: string, numbers?: Record<string, unknown>, over?: boolean}} Hint */

export const SHOWN_MS = 20_000;
const HELD_MS = 3000; // a hint under the pointer or the focus is being read, or closed

export class Hints {
  /**
   * @param {HTMLElement} root a live region, which has a place of its own above the exam
   * @param {(run: () => void, ms: number) => unknown} [later] stands in for setTimeout in tests
   */
  constructor(root, later = (run, ms) => setTimeout(run, ms)) {
    this.root = root;
    this.later = later;
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /** @param {Hint} hint */
  take({ kind, channel = "", text, numbers, over }) {
    const key = `${kind} ${channel}`;
    this.#drop(key);
    if (over || !text) return;
    const words = t(text, numbers);
    const close = el("button", { type: "button", class: "btn-close", "aria-label": t("Close"), onclick: () => this.#drop(key) });
    const line = el("div", { class: "hint", title: words }, icon("info-circle"), el("span", { class: "grow" }, words), close);
    this.shown.set(key, line);
    this.root.append(line);
    this.later(() => this.#fade(key, line), SHOWN_MS);
  }

  clear() {
    for (const key of [...this.shown.keys()]) this.#drop(key);
  }

  /** Take a hint away that was shown for long enough. @param {string} key @param {HTMLElement} line */
  #fade(key, line) {
    if (this.shown.get(key) !== line) return; // closed, over, or said anew meanwhile
    if (line.matches(":hover, :focus-within")) this.later(() => this.#fade(key, line), HELD_MS);
    else this.#drop(key);
  }

  /** @param {string} key */
  #drop(key) {
    this.shown.get(key)?.remove();
    this.shown.delete(key);
  }
}
