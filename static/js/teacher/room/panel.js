// The side panel: alerts, waiting room and chat as tabs; on a narrow screen the students are a tab of their own.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { keepChoice, readChoice } from "./preferences.js";

const NAMES = ["alerts", "waiting", "chat"];

export class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {(name: string) => void} */
    this.onShow = () => {};
    this.students = find("#show-students", HTMLButtonElement, root);
    this.tabs = new Map(NAMES.map((name) => [name, find(`#tab-${name}`, HTMLButtonElement, root)]));
    this.panes = new Map(NAMES.map((name) => [name, find(`#pane-${name}`, HTMLElement, root)]));
    this.shown = "";
    for (const [name, tab] of this.tabs) {
      tab.addEventListener("click", () => this.show(name));
      tab.addEventListener("keydown", (event) => this.pressed(event, name));
    }
    this.students.addEventListener("click", () => this.showStudents());
    this.select(readChoice("tab", "alerts", NAMES));
    this.showStudents();
  }

  /**
   * @param {string} name
   * @param {boolean} [focus]
   */
  show(name, focus = false) {
    this.root.dataset.show = "panel";
    this.students.setAttribute("aria-pressed", "false");
    this.select(name);
    if (focus) this.tabs.get(name)?.focus();
    this.onShow(name);
  }

  showStudents() {
    this.root.dataset.show = "students";
    this.students.setAttribute("aria-pressed", "true");
  }

  /** @param {string} name */
  select(name) {
    this.shown = name;
    keepChoice("tab", name);
    for (const [one, tab] of this.tabs) {
      tab.setAttribute("aria-selected", String(one === name));
      tab.tabIndex = one === name ? 0 : -1;
    }
    for (const [one, pane] of this.panes) pane.hidden = one !== name;
  }

  /**
   * @param {string} name
   * @param {number} count
   */
  setCount(name, count) {
    const tab = this.tabs.get(name);
    const badge = tab?.querySelector(".count");
    if (!(badge instanceof HTMLElement)) return;
    badge.hidden = count === 0;
    badge.textContent = count > 99 ? "99+" : String(count);
    badge.title = t("%(count)s new", { count });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} name
   */
  pressed(event, name) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.show(NAMES[(NAMES.indexOf(name) + step + NAMES.length) % NAMES.length], true);
  }
}
