// Gentle words about what the student can mend, one for each kind, gone when the matter is over.

import { el, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {{kind: string, text?: string, numbers?: Record<string, unknown>, over?: boolean}} Hint */

export class Hints {
  /** @param {HTMLElement} root a live region */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /** @param {Hint} hint */
  take({ kind, text, numbers, over }) {
    this.#drop(kind);
    if (over || !text) return;
    const close = el("button", { type: "button", class: "btn-close", "aria-label": t("Close"), onclick: () => this.#drop(kind) });
    const line = el("div", { class: "hint" }, icon("info-circle"), el("span", { class: "grow" }, t(text, numbers)), close);
    this.shown.set(kind, line);
    this.root.append(line);
  }

  clear() {
    for (const kind of [...this.shown.keys()]) this.#drop(kind);
  }

  /** @param {string} kind */
  #drop(kind) {
    this.shown.get(kind)?.remove();
    this.shown.delete(kind);
  }
}
