// The parts of the system check, one after the other: the checks, the phones, then the steps that may be left out.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { ArmStep } from "./arm_step.js";
import { DotsStep } from "./dots_step.js";
import { PhonesStep } from "../phones/phones_step.js";
import { PicturesStep } from "./pictures_step.js";

/** @typedef {"checks" | "phones" | "arm" | "pictures" | "dots"} Name */
/** @typedef {import("../../shared/phone_labels.js").PhoneView} PhoneView */

/** The steps this page knows, in their order. @param {string[]} wanted by the server @returns {Name[]} */
export function partsOf(wanted) {
  const extra = /** @type {Name[]} */ (["phones", "arm", "pictures", "dots"]);
  return ["checks", ...extra.filter((name) => wanted.includes(name))];
}

/** The steps that a room's phones add: the arm's only once there is an arm phone to learn from. @param {PhoneView[]} phones @returns {Name[]} */
export function phoneParts(phones) {
  const hasArm = phones.some(({ role, state, healthy }) => role === "arm" && state === "connected" && healthy);
  return [...(phones.length > 0 ? /** @type {Name[]} */ (["phones"]) : []), ...(hasArm ? /** @type {Name[]} */ (["arm"]) : [])];
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
    this.wanted = wanted;
    /** @type {PhoneView[]} */
    this.phones = [];
    const on = { ask, onNext: () => this.next() };
    const part = (/** @type {Name} */ name) => find(`div[data-part=${name}]`, HTMLElement, root);
    this.steps = {
      checks: null,
      phones: new PhonesStep(part("phones"), on),
      arm: new ArmStep(part("arm"), on),
      pictures: new PicturesStep(part("pictures"), on),
      dots: new DotsStep(part("dots"), find("#dots", HTMLDialogElement), on),
    };
    /** @type {Name} */
    this.at = "checks";
    this.#show();
  }

  get parts() {
    const parts = partsOf([...this.wanted, ...phoneParts(this.phones)]);
    return parts.includes(this.at) ? parts : partsOf([...parts, this.at]); // nobody is thrown out of a step
  }

  /** @param {{phones: PhoneView[], ready: boolean}} news */
  learn(news) {
    this.phones = news.phones;
    this.steps.phones.learn(news);
    this.#count();
  }

  /** Go on to the next part; after the last one the student is ready. */
  next() {
    const { parts } = this;
    const next = parts[parts.indexOf(this.at) + 1];
    if (next) this.#enter(next);
    else this.onDone();
  }

  /** The server did not let the student in: back to where it says why. @param {string} code of its error */
  again(code) {
    if (code === "phones_missing" && this.parts.includes("phones")) return this.#enter("phones");
    this.at = "checks";
    this.#show();
  }

  /** The check is over, by itself or by the teacher: nothing may go on behind the exam. */
  stop() {
    for (const step of Object.values(this.steps)) step?.stop();
  }

  /** @param {Name} name */
  #enter(name) {
    this.at = name;
    this.#show();
    const part = find(`div[data-part=${name}]`, HTMLElement, this.root);
    find("h1", HTMLElement, part).focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
    this.steps[name]?.enter();
  }

  #show() {
    const name = this.at;
    this.root.dataset.part = name;
    this.root.setAttribute("aria-labelledby", find(`div[data-part=${name}] h1`, HTMLElement, this.root).id);
    /** @type {HTMLElement} */ (this.root.closest("main")).dataset.part = name;
    for (const part of this.root.querySelectorAll("div[data-part]")) {
      /** @type {HTMLElement} */ (part).hidden = /** @type {HTMLElement} */ (part).dataset.part !== name;
    }
    this.#count();
  }

  #count() {
    const { parts } = this;
    const words = t("Step %(step)d of %(count)d", { step: parts.indexOf(this.at) + 1, count: parts.length });
    for (const line of this.root.querySelectorAll(".step-count")) line.textContent = parts.length > 1 ? words : "";
  }
}
