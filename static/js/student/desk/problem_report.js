// Reporting that something does not work: what it is about, in words, and what has become of it.

import { problemWords } from "../../shared/connection.js";
import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";

/** @typedef {{id: string, category: string, text: string, at: number, solved_by: string, solved_at: number | null}} Report */

export class ProblemReport {
  /** @param {(event: "problem", payload: {category: string, text: string}) => Promise<{problems: Report[]}>} ask */
  constructor(ask) {
    this.ask = ask;
    this.form = find("#problem-form", HTMLFormElement);
    this.category = find("#problem-category", HTMLSelectElement);
    this.text = find("#problem-text", HTMLTextAreaElement);
    this.error = find(".problem", HTMLElement, this.form);
    this.list = find("#problem-list", HTMLElement);
    this.form.addEventListener("submit", (event) => void this.send(event));
  }

  /** @param {Report[]} problems of this student */
  show(problems) {
    this.list.hidden = problems.length === 0;
    this.list.replaceChildren(...problems.map(({ text, at, solved_at: solved, solved_by: name }) => el("li", {},
      icon(solved ? "check2-circle" : "hourglass-split"), ` ${clockTime(at)} `, el("span", { dir: "auto" }, text), " ",
      el("span", { class: "soft" }, solved ? t("Solved (%(name)s)", { name }) : t("Your teacher is told.")))));
  }

  /** @param {SubmitEvent} event */
  async send(event) {
    event.preventDefault();
    this.error.textContent = "";
    try {
      const { problems } = await this.ask("problem", { category: this.category.value, text: this.text.value });
      this.text.value = "";
      this.show(problems);
    } catch (problem) {
      this.error.replaceChildren(icon("exclamation-triangle"), ` ${problemWords(problem)}`);
      this.text.focus();
    }
  }
}
