// The phones beside the exam: one short line each, and the code again for one that is lost.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { furtherProblems, sayingOf } from "../../shared/phone_labels.js";
import { roleOf } from "../../shared/phone_roles.js";
import { PairingCard } from "./pairing_card.js";

/** @typedef {import("../../shared/phone_labels.js").PhoneView} PhoneView */

const SIGNS = { good: "check-circle-fill", bad: "exclamation-triangle-fill", busy: "hourglass-split", unknown: "dash-circle" };

/** What the student must be told of, with the words. @param {PhoneView} phone @returns {string | null} a key for t() */
export function troubleOf(phone) {
  if (phone.state === "missing" || phone.state === "paired") return null;
  return phone.state === "connected" && phone.healthy ? null : sayingOf(phone).text;
}

export class PhonesPanel {
  /** @param {HTMLElement} root @param {HTMLDialogElement} dialog @param {{ask: import("../check/enrol.js").Ask, hints: import("../exam/hints.js").Hints}} parts */
  constructor(root, dialog, { ask, hints }) {
    this.root = root;
    this.dialog = dialog;
    this.hints = hints;
    this.card = new PairingCard(find(".pair-card", HTMLElement, dialog), ask);
    this.list = find("ul", HTMLElement, root);
    this.shown = "";
    /** @type {import("../../shared/phone_labels.js").Role | null} */
    this.open = null;
    find("[data-close]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.card.show((this.open = null)));
  }

  /** @param {PhoneView[]} phones @param {boolean} tells whether a lost phone needs a notice */
  show(phones, tells) {
    this.root.hidden = phones.length === 0;
    const back = phones.find(({ role, state }) => role === this.open && (state === "paired" || state === "connected"));
    if (back) this.dialog.close();
    const key = JSON.stringify([tells, phones.map((phone) => [phone.role, sayingOf(phone), furtherProblems(phone)])]);
    if (key === this.shown) return;
    this.shown = key;
    this.list.replaceChildren(...phones.map((phone) => this.#line(phone)));
    for (const phone of phones) this.#notice(phone, tells);
  }

  /** @param {PhoneView} phone */
  #line(phone) {
    const { mark } = sayingOf(phone);
    const isAway = phone.state === "missing" || phone.state === "lost";
    const isUnused = phone.state === "missing" && !phone.required;
    const button = isAway && el("button", { type: "button", class: isUnused ? "link-button" : "btn btn-quiet btn-sm", onclick: () => this.#showCode(phone) }, t("Show its code"));
    return el("li", { dataset: { mark, role: phone.role } }, icon(SIGNS[mark]), el("div", {}, el("strong", {}, t(roleOf(phone.role).short)), " ", el("span", {}, shortWords(phone)), " ", button));
  }

  /** @param {PhoneView} phone @param {boolean} tells */
  #notice(phone, tells) {
    const kind = `phone-${phone.role}`;
    const text = tells ? troubleOf(phone) : null;
    if (!text) return this.hints.take({ kind, over: true });
    this.hints.take({ kind, text: t("%(phone)s: %(trouble)s", { phone: t(roleOf(phone.role).title), trouble: t(text) }) });
  }

  /** @param {PhoneView} phone */
  #showCode({ role }) {
    this.open = role;
    find("h2", HTMLElement, this.dialog).textContent = t(roleOf(role).title);
    find(".pair-hint", HTMLElement, this.dialog).textContent = t(roleOf(role).placing);
    this.card.show(role);
    this.dialog.showModal();
  }
}

/** @param {PhoneView} phone */
function shortWords(phone) {
  if (phone.state === "missing" && !phone.required) return t("Not used.");
  if (phone.state === "connected" && phone.healthy) return t("Connected");
  return [sayingOf(phone).text, ...furtherProblems(phone)].map((one) => t(one)).join(" ");
}
