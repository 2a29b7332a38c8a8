// The teacher's choices for the grid: whom it shows, in which order; the order is kept for next time.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { FILTERS, ORDERS } from "../grid/arrange.js";
import { keepChoice, readChoice } from "./preferences.js";

export class Toolbar {
  /**
   * @param {HTMLElement} root
   * @param {() => void} onChange
   */
  constructor(root, onChange) {
    this.onChange = onChange;
    /** The search is over, and the keys of the page shall work again. */
    this.onLeave = () => {};
    this.order = select(root, "#grid-order", "order", "name", ORDERS, () => this.onChange());
    // A filter that was forgotten hides students: it starts open each time.
    this.filter = find("#grid-filter", HTMLSelectElement, root);
    this.filter.addEventListener("change", () => this.onChange());
    this.search = find("#grid-search", HTMLInputElement, root);
    this.search.addEventListener("input", () => this.onChange());
    this.search.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.leaveSearch(event));
    this.place = find("#grid-place", HTMLElement, root);
  }

  /** @returns {import("../grid/arrange.js").Wish} */
  wish() {
    const filter = FILTERS.includes(this.filter.value) ? this.filter.value : "here";
    return { order: this.order.value, filter, search: this.search.value };
  }

  /** @param {string} filter */
  setFilter(filter) {
    this.filter.value = filter;
    this.onChange();
  }

  /** @param {string} order */
  setOrder(order) {
    this.order.value = order;
    keepChoice("order", order);
    this.onChange();
  }

  /** Say how many of the students are shown, where that is not all. @param {number} shown @param {number} all */
  setShown(shown, all) {
    const text = shown === all ? "" : t("%(shown)s of %(all)s", { shown, all });
    if (this.place.textContent !== text) this.place.textContent = text;
  }

  /** Everybody is shown again: a search that was forgotten hides students. @param {Event} event */
  leaveSearch(event) {
    event.preventDefault();
    if (this.search.value) {
      this.search.value = "";
      this.onChange();
    }
    this.search.blur();
    this.onLeave();
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
