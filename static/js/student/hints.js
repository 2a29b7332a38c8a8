// Gentle words about what the student can mend, one for each kind and device, gone when the matter is over.

import { el, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** @typedef {{kind: string, channel?: string, text?: string, numbers?: Record<string, unknown>, over?: boolean}} Hint */

export class Hints {
  /** @param {HTMLElement} root a live region */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /** @param {Hint} hint */
  take({ kind, channel = "", text, numbers, over }) {
    const key = `${kind} ${channel}`;
    this.#drop(key);
    if (over || !text) return;
    const close = el("button", { type: "button", class: "btn-close", "aria-label": t("Close"), onclick: () => this.#drop(key) });
    const line = el("div", { class: "hint" }, icon("info-circle"), el("span", { class: "grow" }, t(text, numbers)), close);
    this.shown.set(key, line);
    this.root.append(line);
  }

  clear() {
    for (const key of [...this.shown.keys()]) this.#drop(key);
  }

  /** @param {string} key */
  #drop(key) {
    this.shown.get(key)?.remove();
    this.shown.delete(key);
  }
}
