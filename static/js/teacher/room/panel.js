// The side panel: alerts, waiting room and chat as tabs. It folds, and gives its width to the students; on a narrow
// screen the students are a tab of their own.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { keepChoice, readChoice } from "./preferences.js";

const NAMES = ["alerts", "waiting", "chat"];
/** A screen that has no room for all students beside an open panel. */
const SMALL = "(max-width: 1366px)";

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
    this.isFolded = readChoice("folded", matchMedia(SMALL).matches ? "yes" : "no", ["yes", "no"]) === "yes";
    /** What the messages were opened over. @type {{name: string, isFolded: boolean} | null} */
    this.under = null;
    this.foldButton = find("#panel-fold", HTMLButtonElement, root);
    this.foldButton.addEventListener("click", () => this.keepFolded(!this.isFolded));
    for (const [name, tab] of this.tabs) {
      tab.addEventListener("click", () => this.show(name));
      tab.addEventListener("keydown", (event) => this.pressed(event, name));
    }
    this.students.addEventListener("click", () => this.showStudents());
    this.select(readChoice("tab", "alerts", NAMES));
    this.showStudents();
    this.fold(this.isFolded);
  }

  /** Whether this pane can be seen. @param {string} name */
  shows(name) {
    return this.shown === name && !this.isFolded;
  }

  /** @param {boolean} isFolded */
  fold(isFolded) {
    this.isFolded = isFolded;
    this.root.dataset.folded = isFolded ? "yes" : "no";
    this.foldButton.setAttribute("aria-expanded", String(!isFolded));
    this.foldButton.title = isFolded ? t("Unfold the side panel") : t("Fold the side panel");
    this.foldButton.setAttribute("aria-label", this.foldButton.title);
  }

  /** Fold or unfold as the teacher wants it from now on. @param {boolean} isFolded */
  keepFolded(isFolded) {
    keepChoice("folded", isFolded ? "yes" : "no");
    this.fold(isFolded);
  }

  /** Close the messages over what they were opened over. @returns {boolean} whether they were open */
  back() {
    if (!this.under || !this.shows("chat")) return false;
    const { name, isFolded } = this.under;
    this.under = null;
    this.select(name);
    this.fold(isFolded);
    return true;
  }

  /**
   * @param {string} name
   * @param {boolean} [focus]
   */
  show(name, focus = false) {
    if (name === "chat" && !this.shows("chat")) this.under = { name: this.shown, isFolded: this.isFolded };
    this.root.dataset.show = "panel";
    this.fold(false);
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
