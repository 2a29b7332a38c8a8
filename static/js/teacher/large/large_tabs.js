// In the large view: alerts, scores or details beside the picture.

import { find } from "../../shared/dom.js";
import { keepChoice, readChoice } from "../room/preferences.js";

const NAMES = ["alerts", "scores", "details"];

export class LargeTabs {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.tabs = new Map(NAMES.map((name) => [name, find(`#large-tab-${name}`, HTMLButtonElement, root)]));
    this.panes = new Map(NAMES.map((name) => [name, find(`#large-pane-${name}`, HTMLElement, root)]));
    for (const [name, tab] of this.tabs) {
      tab.addEventListener("click", () => this.show(name));
      tab.addEventListener("keydown", (event) => this.pressed(event, name));
    }
    this.show(readChoice("large", "alerts", NAMES));
  }

  /** @param {string} name */
  show(name) {
    keepChoice("large", name);
    for (const [one, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
    }
    for (const [one, pane] of this.panes) pane.hidden = one !== name;
  }

  /** @param {KeyboardEvent} event @param {string} name */
  pressed(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault(); // and not the student before or after
    const next = NAMES[(NAMES.indexOf(name) + step + NAMES.length) % NAMES.length];
    this.show(next);
    this.tabs.get(next)?.focus();
  }
}
