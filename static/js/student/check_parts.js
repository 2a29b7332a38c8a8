// The parts of the system check, one after the other: the four checks, then the steps that may be left out.

import { find } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { DotsStep } from "./dots_step.js";
import { PicturesStep } from "./pictures_step.js";

/** @typedef {"checks" | "pictures" | "dots"} Name */

/** The steps this page knows, in their order. @param {string[]} wanted by the server @returns {Name[]} */
export function partsOf(wanted) {
  const extra = /** @type {Name[]} */ (["pictures", "dots"]);
  return ["checks", ...extra.filter((name) => wanted.includes(name))];
}

export class CheckParts {
  /**
   * @param {HTMLElement} root
   * @param {string[]} wanted
   * @param {{ask: import("./enrol.js").Ask, onDone: () => void}} acts
   */
  constructor(root, wanted, { ask, onDone }) {
    this.root = root;
    this.onDone = onDone;
    this.parts = partsOf(wanted);
    const on = { ask, onNext: () => this.next() };
    this.steps = {
      checks: null,
      pictures: new PicturesStep(find("div[data-part=pictures]", HTMLElement, root), on),
      dots: new DotsStep(find("div[data-part=dots]", HTMLElement, root), find("#dots", HTMLDialogElement), on),
    };
    this.at = 0;
    this.#show();
  }

  /** Go on to the next part; after the last one the student is ready. */
  next() {
    if (this.at + 1 >= this.parts.length) return this.onDone();
    this.at += 1;
    this.#show();
    const part = find(`div[data-part=${this.parts[this.at]}]`, HTMLElement, this.root);
    find("h1", HTMLElement, part).focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
    this.steps[this.parts[this.at]]?.enter();
  }

  /** The server did not let the student in: back to where it says why. */
  again() {
    this.at = 0;
    this.#show();
  }

  /** The check is over, by itself or by the teacher: nothing may go on behind the exam. */
  stop() {
    this.steps.pictures.stop();
    this.steps.dots.stop();
  }

  #show() {
    const name = this.parts[this.at];
    this.root.dataset.part = name;
    this.root.setAttribute("aria-labelledby", find(`div[data-part=${name}] h1`, HTMLElement, this.root).id);
    /** @type {HTMLElement} */ (this.root.closest("main")).dataset.part = name;
    for (const part of this.root.querySelectorAll("div[data-part]")) {
      const element = /** @type {HTMLElement} */ (part);
      element.hidden = element.dataset.part !== name;
      const words = t("Step %(step)d of %(count)d", { step: this.at + 1, count: this.parts.length });
      find(".step-count", HTMLElement, element).textContent = this.parts.length > 1 ? words : "";
    }
  }
}
