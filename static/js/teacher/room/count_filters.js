// How many students need what, in the bar at the top: each count shows those students alone, and everybody again.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/**
 * @typedef {{critical: number, review: number, blind: number, messages: number}} Counts
 * @typedef {keyof Counts} CountName
 */

/** @type {readonly CountName[]} */
const NAMES = ["critical", "review", "blind", "messages"];

const SIGNS = { critical: "exclamation-octagon-fill", review: "exclamation-triangle-fill", blind: "eye-slash", messages: "chat-dots" };

export class CountFilters {
  /**
   * @param {HTMLElement} root
   * @param {import("./toolbar.js").Toolbar} toolbar
   * @param {() => void} leave closes what hides the grid
   */
  constructor(root, toolbar, leave) {
    this.toolbar = toolbar;
    /** @type {Counts} */
    this.counts = { critical: 0, review: 0, blind: 0, messages: 0 };
    this.buttons = new Map(NAMES.map((name) => [name, this.button(name, leave)]));
    find("#count-filters", HTMLElement, root).replaceChildren(...this.buttons.values());
  }

  /** @param {CountName} name @param {() => void} leave */
  button(name, leave) {
    const toggle = () => {
      this.toolbar.setFilter(this.toolbar.filter.value === name ? "here" : name);
      leave();
    };
    return el("button", { type: "button", class: "live-pill", dataset: { filter: name }, "aria-pressed": "false", hidden: true, onclick: toggle });
  }

  /** @param {Counts} counts */
  show(counts) {
    for (const [name, button] of this.buttons) {
      const isOn = this.toolbar.filter.value === name;
      const words = wordsOf(name, counts[name]);
      button.hidden = counts[name] === 0 && !isOn;
      button.setAttribute("aria-pressed", String(isOn));
      if (button.title === words) continue;
      button.title = words;
      button.setAttribute("aria-label", words);
      button.dataset.count = String(counts[name]);
      button.replaceChildren(icon(SIGNS[name]), el("span", { class: "live-pill-words" }, words));
    }
  }
}

/** @param {CountName} name @param {number} count */
function wordsOf(name, count) {
  switch (name) {
    case "critical": return t("%(count)s critical", { count });
    case "review": return t("%(count)s to look at", { count });
    case "blind": return t("%(count)s cannot be seen", { count });
    default: return t("%(count)s with messages", { count });
  }
}
