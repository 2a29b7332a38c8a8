// Raising a hand: why, whether a teacher has seen it, and a break with its way back.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";
import { N_ } from "../check/mark.js";

/**
 * @typedef {object} Hand
 * @property {string | null} reason null while it is down
 * @property {number | null} since ms
 * @property {string} seen_by the teacher who saw it, "" for nobody
 * @property {number | null} break_since ms, null outside of a break
 */

/** @type {Record<string, string>} */
const REASONS = {
  question: N_("I have a question"),
  break: N_("I need a break"),
  technical: N_("Something does not work"),
  other: N_("Something else"),
};

export class RaisedHand {
  /** @param {(event: "hand", payload: {reason: string | null}) => Promise<{hand: Hand}>} ask */
  constructor(ask) {
    this.ask = ask;
    this.strip = find("#hand-strip", HTMLElement);
    this.sign = find(".bi", HTMLElement, this.strip);
    this.words = find(".grow", HTMLElement, this.strip);
    this.lower = find("button", HTMLButtonElement, this.strip);
    this.opener = find("#hand-toggle", HTMLButtonElement);
    this.dialog = find("#hand-dialog", HTMLDialogElement);
    this.problem = find(".problem", HTMLElement, this.dialog);
    const reasons = Object.entries(REASONS).map(([reason, words]) =>
      el("button", { class: "btn btn-quiet", type: "button", onclick: () => void this.#send(reason) }, t(words)));
    find(".hand-reasons", HTMLElement, this.dialog).replaceChildren(...reasons);
    this.opener.addEventListener("click", () => this.#open());
    this.lower.addEventListener("click", () => void this.#send(null));
  }

  /** @param {Hand} hand as the server has it */
  show(hand) {
    const words = wordsOf(hand);
    this.opener.hidden = words !== "";
    this.strip.hidden = words === "";
    this.strip.dataset.break = String(hand.break_since !== null);
    this.sign.className = `bi bi-${hand.break_since === null ? "hand-index-thumb-fill" : "cup-hot-fill"}`;
    this.lower.textContent = hand.break_since === null ? t("Lower the hand") : t("I am back");
    if (this.words.textContent === words) return;
    this.words.textContent = words;
    if (words) announce(words);
  }

  #open() {
    this.problem.textContent = "";
    this.dialog.showModal();
  }

  /** @param {string | null} reason */
  async #send(reason) {
    try {
      this.show((await this.ask("hand", { reason })).hand);
      this.dialog.close();
    } catch (error) {
      const { text, params } = /** @type {import("../../shared/connection.js").Problem} */ (error);
      this.#open();
      this.problem.replaceChildren(icon("exclamation-triangle"), ` ${t(text, params)}`);
    }
  }
}

/** What the strip says, "" where there is nothing to say. @param {Hand} hand */
export function wordsOf({ reason, seen_by: name, break_since: since }) {
  if (since !== null) return t("You have been on a break since %(time)s. Nothing counts against you until you are back.", { time: clockTime(since) });
  if (reason === null) return "";
  const why = t(REASONS[reason] ?? REASONS.other);
  if (name) return t("Your hand is up: %(why)s. %(name)s has seen it.", { why, name });
  return t("Your hand is up: %(why)s. Your teacher is told.", { why });
}
