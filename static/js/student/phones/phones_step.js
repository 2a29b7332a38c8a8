// The step "Phones" of the system check: one line for each role, the code of one at a time, and what is still missing.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { furtherProblems, proofWords, sayingOf } from "../../shared/phone_labels.js";
import { roleOf } from "../../shared/phone_roles.js";
import { PairingCard } from "./pairing_card.js";

/** @typedef {import("../../shared/phone_labels.js").PhoneView} PhoneView */
/** @typedef {import("../../shared/phone_labels.js").Role} Role */

const SIGNS = { good: "check-circle-fill", bad: "x-circle-fill", busy: "hourglass-split", unknown: "dash-circle-fill" };

/** Which code is worth showing: of the first phone that is wanted and not there. @param {PhoneView[]} phones @returns {Role | null} */
export function nextToPair(phones) {
  const away = phones.filter(({ state }) => state === "missing" || state === "lost");
  return (away.find(({ required }) => required) ?? null)?.role ?? null;
}

/** Shown, and keeping nobody from the exam: the server says the same (rooms/live/phone_health.py). */
const SPARED = new Set(["no_microphone", "battery_low"]);

/** The roles without which nobody starts and that are not well enough. @param {PhoneView[]} phones @returns {Role[]} */
export function stillMissing(phones) {
  return phones.filter((phone) => phone.required && !isWellEnough(phone)).map(({ role }) => role);
}

/** @param {PhoneView} phone */
function isWellEnough({ state, healthy, problems }) {
  const isSpared = problems.length > 0 && problems.every((problem) => SPARED.has(problem));
  return state === "connected" && (healthy || isSpared);
}

export class PhonesStep {
  /** @param {HTMLElement} root @param {{ask: import("../check/enrol.js").Ask, onNext: () => void}} acts */
  constructor(root, { ask, onNext }) {
    this.root = root;
    this.ask = ask;
    this.card = new PairingCard(el("div", { class: "pair-card", "aria-live": "polite" }), ask);
    this.next = find("[data-next]", HTMLButtonElement, root);
    this.note = find(".phones-note", HTMLElement, root);
    this.list = find(".phone-lines", HTMLElement, root);
    /** @type {PhoneView[]} */
    this.phones = [];
    this.isReady = false;
    this.isHere = false;
    /** @type {Role | null} chosen by the student */
    this.chosen = null;
    this.shown = "";
    this.next.addEventListener("click", () => (this.stop(), onNext()));
  }

  enter() {
    this.isHere = true;
    this.#show();
  }

  stop() {
    this.isHere = false;
    this.card.show(null);
  }

  /** @param {{phones: PhoneView[], ready: boolean}} news */
  learn({ phones, ready }) {
    const chosen = phones.find(({ role }) => role === this.chosen);
    if (chosen && hasArrived(this.phones.find(({ role }) => role === this.chosen), chosen)) this.chosen = null;
    this.phones = phones;
    this.isReady = ready;
    this.#show();
  }

  #show() {
    const open = this.chosen ?? nextToPair(this.phones);
    const key = JSON.stringify([this.phones.map(lineKey), open, this.isReady]);
    if (key !== this.shown) {
      this.shown = key;
      this.list.replaceChildren(...this.phones.map((phone) => this.#line(phone, phone.role === open)));
      this.#way();
    }
    this.card.show(this.isHere ? open : null); // it lies in the line that is open, or nowhere
  }

  /** @param {PhoneView} phone @param {boolean} isOpen */
  #line(phone, isOpen) {
    const { role, required, state } = phone;
    const saying = sayingOf(phone);
    const proof = proofWords(phone);
    const further = [...furtherProblems(phone).map((text) => t(text)), ...(proof ? [t(proof)] : [])];
    const isAway = state === "missing" || state === "lost";
    const badge = el("span", { class: `state ${required ? "state-warning" : ""}` }, required ? t("Needed") : t("Optional"));
    const sentences = [t(saying.text), ...further].map((text) => el("p", { class: "verdict" }, text));
    const hint = isOpen && el("p", { class: "soft small phone-hint" }, t(roleOf(role).placing));
    const words = el("div", {}, el("h2", {}, t(roleOf(role).title)), " ", badge, ...sentences, hint);
    const word = isOpen ? t("Keep this phone") : isAway ? t("Show its code") : t("Use another phone");
    const choice = isOpen ? null : role;
    const button = () => el("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => this.#open(choice) }, word);
    const picture = () => (roleOf(role).drawing ? el("img", { class: "phone-picture", src: `/static/img/phones/${role}.svg`, width: 128, height: 72, alt: "" }) : icon(roleOf(role).sign));
    const sign = el("span", { class: "sign" }, icon(SIGNS[saying.mark]));
    const line = el("li", { dataset: { role, mark: saying.mark } }, sign, words, isOpen && isAway ? picture() : button(), isOpen && this.card.root);
    if (isOpen) line.setAttribute("aria-current", "true");
    return line;
  }

  /** @param {Role | null} role */
  #open(role) {
    this.chosen = role;
    this.#show();
  }

  #way() {
    const missing = stillMissing(this.phones);
    this.next.disabled = missing.length > 0 || !this.isReady;
    const without = this.phones.every(({ required }) => !required) && this.phones.some(({ state }) => state === "missing");
    this.next.textContent = without ? t("Go on without") : t("Go on");
    const roles = missing.map((role) => t(roleOf(role).title)).join(", ");
    this.note.textContent = missing.length > 0 ? t("Still missing: %(phones)s. The button then becomes available by itself.", { phones: roles }) : "";
  }
}

/** Whether a phone has just been paired: also one that takes the place of another. @param {PhoneView | undefined} before @param {PhoneView} now */
export function hasArrived(before, now) {
  const isThere = now.state === "paired" || now.state === "connected";
  const wasAway = before?.state === "missing" || before?.state === "lost";
  return isThere && (wasAway || (now.state === "paired" && before?.state !== "paired"));
}

/** What of a phone is seen on its line: not its battery. @param {PhoneView} phone */
function lineKey(phone) {
  return [phone.role, phone.required, phone.state, phone.healthy, phone.problems, phone.proof?.state];
}
