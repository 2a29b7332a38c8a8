// A short word about what just happened, with one thing to do about it; a problem stays longer.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { problemWords } from "../../shared/connection.js";

const SHOWN_MS = 6000;
const PROBLEM_MS = 12000;

export class Toast {
  /** @param {HTMLElement} [root] */
  constructor(root = find("#toast", HTMLElement)) {
    this.root = root;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * @param {string} text
   * @param {{label: string, run: () => void}} [action]
   */
  say(text, action) {
    const button = action && el("button", { class: "btn btn-sm btn-quiet", type: "button" }, action.label);
    button?.addEventListener("click", () => {
      this.hide();
      action?.run();
    });
    this.show([el("span", { class: "grow" }, text), button], SHOWN_MS, false);
  }

  /** @param {unknown} problem */
  problem(problem) {
    this.show([icon("exclamation-triangle"), el("span", { class: "grow" }, problemWords(problem))], PROBLEM_MS, true);
  }

  /**
   * @param {(Node | undefined)[]} parts
   * @param {number} ms
   * @param {boolean} bad
   */
  show(parts, ms, bad) {
    const close = el("button", { class: "tool", type: "button", "aria-label": t("Close"), onclick: () => this.hide() }, icon("x-lg"));
    this.root.replaceChildren(...parts.filter((part) => part !== undefined), close);
    this.root.classList.toggle("is-bad", bad);
    this.root.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), ms);
  }

  hide() {
    clearTimeout(this.timer);
    this.root.hidden = true;
  }
}
