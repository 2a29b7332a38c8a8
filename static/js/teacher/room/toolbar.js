// The teacher's choices for the grid: how many tiles, which order, whom, which page; kept for next time.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { FILTERS, ORDERS, PAGE_SIZES, pageOf } from "../grid/arrange.js";
import { keepChoice, readChoice } from "./preferences.js";

/** @typedef {import("./types.js").Participant} Participant */

export class Toolbar {
  /**
   * @param {HTMLElement} root
   * @param {() => void} onChange
   */
  constructor(root, onChange) {
    this.onChange = onChange;
    /** The search is over, and the keys of the page shall work again. */
    this.onLeave = () => {};
    this.size = select(root, "#grid-size", "size", "25", PAGE_SIZES, () => this.changed(true));
    this.order = select(root, "#grid-order", "order", "joined", ORDERS, () => this.changed(true));
    // A filter that was forgotten hides students: it starts open each time.
    this.filter = find("#grid-filter", HTMLSelectElement, root);
    this.filter.addEventListener("change", () => this.changed(true));
    this.search = find("#grid-search", HTMLInputElement, root);
    this.search.addEventListener("input", () => this.changed(true));
    this.search.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.leaveSearch(event));
    this.previous = find("#grid-previous", HTMLButtonElement, root);
    this.next = find("#grid-next", HTMLButtonElement, root);
    this.place = find("#grid-place", HTMLElement, root);
    this.previous.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
    this.page = 0;
    this.pages = 1;
  }

  /** @returns {import("../grid/arrange.js").Wish} */
  wish() {
    const filter = FILTERS.includes(this.filter.value) ? this.filter.value : "here";
    return { order: this.order.value, filter, search: this.search.value };
  }

  /**
   * The students of the chosen page.
   * @param {readonly Participant[]} all
   */
  cut(all) {
    const { items, page, pages } = pageOf(all, Number(this.size.value), this.page);
    this.page = page;
    this.pages = pages;
    this.previous.disabled = page === 0;
    this.next.disabled = page === pages - 1;
    const first = page * Number(this.size.value) + 1;
    this.place.textContent = all.length
      ? t("%(first)s–%(last)s of %(all)s", { first, last: first + items.length - 1, all: all.length })
      : t("None");
    return items;
  }

  /**
   * @param {number} step
   * @returns {boolean} whether there is such a page
   */
  turn(step) {
    const page = this.page + step;
    if (page < 0 || page >= this.pages) return false;
    this.page = page;
    this.changed(false);
    return true;
  }

  /** Everybody is shown again: a search that was forgotten hides students. @param {Event} event */
  leaveSearch(event) {
    event.preventDefault();
    if (this.search.value) {
      this.search.value = "";
      this.changed(true);
    }
    this.search.blur();
    this.onLeave();
  }

  /** @param {boolean} fromStart */
  changed(fromStart) {
    if (fromStart) this.page = 0;
    this.onChange();
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {string} name
 * @param {string} fallback
 * @param {readonly string[]} allowed
 * @param {() => void} onChange
 */
function select(root, selector, name, fallback, allowed, onChange) {
  const box = find(selector, HTMLSelectElement, root);
  box.value = readChoice(name, fallback, allowed);
  box.addEventListener("change", () => {
    keepChoice(name, box.value);
    onChange();
  });
  return box;
}
