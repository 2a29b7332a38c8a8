// The window in which a teacher says what is judged otherwise for a student; other teachers see only "Adjusted".

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { EXEMPTIONS, accommodationLabel } from "./score_labels.js";

/** @typedef {(payload: {participant: string, accommodations?: string[]}) => Promise<{adjusted: boolean, accommodations: string[] | null}>} Tell */

export class AdjustDialog {
  /** @param {Tell} tell @param {(problem: unknown) => void} onProblem */
  constructor(tell, onProblem) {
    this.tell = tell;
    this.onProblem = onProblem;
    this.dialog = find("#adjust", HTMLDialogElement);
    this.title = find("#adjust-title", HTMLElement, this.dialog);
    this.list = find("#adjust-list", HTMLElement, this.dialog);
    this.foreign = find("#adjust-foreign", HTMLElement, this.dialog);
    this.participant = "";
    find("#adjust-keep", HTMLButtonElement, this.dialog).addEventListener("click", () => void this.keep());
  }

  /** @param {{id: string, name: string}} participant */
  async open({ id, name }) {
    this.participant = id;
    this.title.textContent = t("Adjust for %(name)s", { name });
    try {
      const { adjusted, accommodations } = await this.tell({ participant: id });
      this.foreign.hidden = !(adjusted && accommodations === null);
      this.list.replaceChildren(...EXEMPTIONS.map((one) => choice(one, accommodations?.includes(one) ?? false)));
      this.dialog.showModal();
    } catch (problem) {
      this.onProblem(problem);
    }
  }

  async keep() {
    const ticked = this.list.querySelectorAll("input:checked");
    const accommodations = [...ticked].map((box) => /** @type {HTMLInputElement} */ (box).value);
    this.dialog.close();
    await this.tell({ participant: this.participant, accommodations }).catch(this.onProblem);
  }
}

/** @param {string} name @param {boolean} checked */
function choice(name, checked) {
  return el("div", { class: "form-check" },
    el("input", { type: "checkbox", class: "form-check-input", id: `adjust-${name}`, value: name, checked }),
    el("label", { class: "form-check-label", for: `adjust-${name}` }, accommodationLabel(name)));
}
