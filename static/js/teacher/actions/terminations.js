// Ends of an exam that one teacher asked for and another must confirm, above the incidents.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { reasonLabel } from "./words.js";

/** @typedef {import("../room/types.js").Action} Action */

export class Terminations {
  /**
   * @param {HTMLElement} root
   * @param {import("./actions.js").Actions} actions
   * @param {number} me the id of this page's teacher
   */
  constructor(root, actions, me) {
    this.list = find("#terminations", HTMLElement, root);
    this.actions = actions;
    this.me = me;
    this.shown = "";
    const draw = () => this.show();
    actions.addEventListener("change", draw);
    actions.live.addEventListener("participants", draw);
  }

  show() {
    const waiting = this.actions.waiting();
    const text = waiting.map(({ id, participant }) => `${id} ${this.name(participant)}`).join();
    if (text === this.shown) return;
    this.shown = text;
    this.list.hidden = waiting.length === 0;
    this.list.replaceChildren(...waiting.map((action) => this.line(action)));
  }

  /** @param {string} participant */
  name(participant) {
    return this.actions.live.participants.get(participant)?.name ?? "?";
  }

  /** @param {Action} action */
  line({ id, participant, by, person, reason, note, at }) {
    const name = this.name(participant);
    const button = (/** @type {string} */ sort, /** @type {string} */ label, /** @type {boolean} */ agrees) =>
      el("button", { class: `btn btn-sm ${sort}`, type: "button", "aria-label": `${label}: ${name}`, onclick: () => void this.actions.decide(id, agrees) }, label);
    const isMine = person === this.me;
    const asks = isMine ? t("You asked to end this exam.") : t("%(by)s asks to end this exam.", { by });
    return el("li", { class: "termination" }, icon("stop-circle"),
      el("span", { class: "grow" },
        el("strong", { dir: "auto" }, name), ` ${asks} `,
        el("span", { class: "soft" }, `${reasonLabel(reason)} · ${clockTime(at)}`), note && el("span", { class: "termination-note", dir: "auto" }, note),
        isMine && el("span", { class: "soft" }, ` ${t("A second teacher must confirm it.")}`)),
      el("span", { class: "hand-acts" },
        !isMine && button("btn-danger-quiet", t("Confirm the end"), true),
        button("btn-quiet", isMine ? t("Withdraw it") : t("Refuse, the student goes on"), false)));
  }
}
