// Now, Later, Noted: which list is shown, and how much waits in each.

import { find } from "../../shared/dom.js";
import { LISTS } from "./incidents.js";

/** @typedef {import("./incidents.js").ListName} ListName */

export class IncidentTabs {
  /** @param {HTMLElement} root @param {() => void} onShow */
  constructor(root, onShow) {
    this.onShow = onShow;
    /** @type {ListName} */
    this.shown = "now";
    this.buttons = new Map(LISTS.map((name) => [name, find(`#alerts-${name}`, HTMLButtonElement, root)]));
    for (const [name, button] of this.buttons) button.addEventListener("click", () => this.show(name));
  }

  /** @param {ListName} name */
  show(name) {
    this.shown = name;
    for (const [one, button] of this.buttons) button.setAttribute("aria-pressed", String(one === name));
    this.onShow();
  }

  next() {
    this.show(LISTS[(LISTS.indexOf(this.shown) + 1) % LISTS.length]);
  }

  /** @param {Partial<Record<ListName, number>>} counts */
  setCounts(counts) {
    for (const [name, button] of this.buttons) {
      const badge = find(".count", HTMLElement, button);
      const count = counts[name] ?? 0;
      badge.hidden = count === 0;
      badge.textContent = String(count);
    }
  }
}
