// What was noticed about this student, and what the student says of it, where the room lets students answer during the exam.

import { problemWords } from "../../shared/connection.js";
import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";

/**
 * @typedef {{text: string, at: number}} Answer
 * @typedef {{id: string, kinds: string[], since: number, answers: Answer[], may_add: boolean}} OwnIncident
 */

const MOST = 1000;

export class OwnIncidents {
  /** @param {(event: "answer", payload: {incident: string, text: string}) => Promise<{incidents: OwnIncident[]}>} ask */
  constructor(ask) {
    this.ask = ask;
    this.part = find("#own-incidents", HTMLDetailsElement);
    this.count = find(".count", HTMLElement, this.part);
    this.list = find("ul", HTMLElement, this.part);
    /** What is being written about each. @type {Map<string, HTMLTextAreaElement>} */
    this.fields = new Map();
    this.known = -1;
  }

  /** @param {OwnIncident[]} incidents */
  show(incidents) {
    this.part.hidden = incidents.length === 0;
    this.count.textContent = String(incidents.length);
    if (this.known >= 0 && incidents.length > this.known) announce(t("Something was noticed. You can read it beside the exam, and answer."));
    this.known = incidents.length;
    const held = document.activeElement instanceof HTMLTextAreaElement ? document.activeElement.dataset.incident : undefined;
    this.list.replaceChildren(...[...incidents].reverse().map((one) => this.line(one)));
    if (held) this.fields.get(held)?.focus();
  }

  /** @param {OwnIncident} incident */
  line({ id, kinds, since, answers, may_add: mayAdd }) {
    const head = `${kinds.map((kind) => t(kind)).join(", ")} · ${clockTime(since)}`;
    return el("li", {}, el("p", { class: "own-incident" }, icon("flag"), ` ${head}`),
      ...answers.map(({ text, at }) => el("p", { class: "own-answer", dir: "auto" }, el("span", { class: "soft small" }, `${clockTime(at)} `), text)),
      mayAdd && this.form(id, head, answers.length > 0));
  }

  /** @param {string} id @param {string} head @param {boolean} isMore */
  form(id, head, isMore) {
    const label = isMore ? t("Add something") : t("Your answer");
    const field = this.fields.get(id) ?? el("textarea", { class: "form-control", rows: 2, maxlength: MOST, dir: "auto", "aria-label": `${label}: ${head}`, placeholder: label, dataset: { incident: id } });
    this.fields.set(id, field);
    const error = el("p", { class: "field-error", role: "alert" });
    const send = async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        const { incidents } = await this.ask("answer", { incident: id, text: field.value });
        this.fields.delete(id);
        this.show(incidents);
      } catch (problem) {
        error.textContent = problemWords(problem);
      }
    };
    return el("form", { onsubmit: send }, field, error, el("button", { class: "btn btn-sm btn-quiet", type: "submit" }, isMore ? t("Add it") : t("Send the answer")));
  }
}
