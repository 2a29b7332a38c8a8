// The patrol leads the teacher's eye round the room, always to the student looked at least; what was looked at is kept.

import { find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { isTyping } from "../room/key_presses.js";
import { keepChoice, readChoice } from "../room/preferences.js";
import { evenness, leastLookedAt, readLooks, secondsOf } from "./looks.js";

/**
 * @typedef {object} Page what the patrol sees and moves
 * @property {() => string[]} students who can be looked at, in the order of the grid
 * @property {() => string | null} looked who is looked at closely now
 * @property {(id: string) => void} go leads the eye there
 * @property {() => boolean} isSeen whether anybody sees the page
 * @property {() => boolean} isBusy whether the teacher writes or answers something, and must not be led away
 */

export const STOP_S = 6;
const KEEP_EVERY_S = 5;

export class Patrol {
  /**
   * @param {HTMLElement} root
   * @param {string} room its id
   * @param {Page} page
   */
  constructor(root, room, page) {
    this.page = page;
    this.name = `looks.${room}`;
    this.looks = readLooks(readChoice(this.name, "{}"));
    this.isOn = false;
    this.left = 0;
    this.unkept = 0;
    this.button = find("#patrol", HTMLButtonElement, root);
    this.words = find("#patrol-words", HTMLElement, root);
    this.button.addEventListener("click", () => this.toggle());
    setInterval(() => this.tick(), 1000);
    this.show();
  }

  toggle() {
    this.isOn = !this.isOn;
    this.left = 0;
    if (this.isOn) this.lead();
    this.show();
  }

  /** For how long a student was looked at. @param {string} id */
  secondsOn(id) {
    return secondsOf(this.looks, id);
  }

  /** One second has gone. */
  tick() {
    if (!this.page.isSeen()) return;
    this.count(this.page.looked());
    if (this.isOn && (this.left -= 1) <= 0 && !this.page.isBusy()) this.lead();
    this.show();
  }

  /** Go to the student who was looked at least. */
  lead() {
    const next = leastLookedAt(this.page.students(), this.looks, this.page.looked());
    this.left = STOP_S;
    if (next) this.page.go(next);
    else this.isOn = false;
  }

  /** @param {string | null} id */
  count(id) {
    if (!id) return;
    this.looks.set(id, secondsOf(this.looks, id) + 1);
    this.unkept += 1;
    if (this.unkept < KEEP_EVERY_S) return;
    this.unkept = 0;
    keepChoice(this.name, JSON.stringify(Object.fromEntries(this.looks)));
  }

  show() {
    const ids = this.page.students();
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.button.querySelector(".bi")?.replaceWith(icon(this.isOn ? "pause-circle" : "binoculars"));
    const text = this.isOn && ids.length > 0 ? t("Looked at: %(least)d to %(most)d s each, %(unseen)d not yet", evenness(ids, this.looks)) : "";
    if (this.words.textContent !== text) this.words.textContent = text;
  }
}

/**
 * The patrol of a page that has a grid and a large view.
 * @param {HTMLElement} root
 * @param {string} room its id
 * @param {{grid: import("../grid/grid_view.js").GridView, large: import("../large/large_view.js").LargeView}} parts
 */
export function patrolOver(root, room, { grid, large }) {
  return new Patrol(root, room, {
    students: () => grid.all.filter(({ online }) => online).map(({ id }) => id),
    looked: () => large.id ?? grid.preview.id,
    go: (id) => (large.id ? large.open(id) : grid.preview.show(id)),
    isSeen: () => !document.hidden,
    isBusy: () => isTyping(document.activeElement) || document.querySelector("dialog[open]") !== null,
  });
}
