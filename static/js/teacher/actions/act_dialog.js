// The window in which a teacher does something about one student or several: whom, what, why.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { problemWords } from "../../shared/connection.js";
import { isGone } from "../grid/arrange.js";
import { REASONS, VERBS, reasonLabel, verbLabel, verbMeaning, verbSign } from "./words.js";

/** @typedef {import("./actions.js").Wish} Wish */

/** Verbs for which the words are needed, and not only welcome. */
const NEEDS_WORDS = new Set(["message"]);
const WITHOUT_WORDS = new Set(["resume", "unlock"]);

export class ActDialog {
  /**
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(wish: Wish) => Promise<unknown>} act rejects with a Problem
   */
  constructor(live, act) {
    this.live = live;
    this.act = act;
    this.dialog = find("#act", HTMLDialogElement);
    this.form = find("form.act-form", HTMLFormElement, this.dialog);
    this.title = find("#act-title", HTMLElement, this.dialog);
    this.people = find("#act-people", HTMLElement, this.dialog);
    this.count = find("#act-count", HTMLElement, this.dialog);
    this.search = find("#act-search", HTMLInputElement, this.dialog);
    this.meaning = find("#act-meaning", HTMLElement, this.dialog);
    this.reason = find("#act-reason", HTMLSelectElement, this.dialog);
    this.minutes = find("#act-minutes", HTMLInputElement, this.dialog);
    this.note = find("#act-note", HTMLTextAreaElement, this.dialog);
    this.problem = find("#act-problem", HTMLElement, this.dialog);
    this.send = find("#act-send", HTMLButtonElement, this.dialog);
    const verbs = VERBS.map((verb) => el("label", { class: "act-verb" },
      el("input", { type: "radio", name: "verb", value: verb }), icon(verbSign(verb)), el("span", {}, verbLabel(verb))));
    find("#act-verbs", HTMLElement, this.dialog).append(...verbs);
    this.form.addEventListener("change", () => this.show());
    this.form.addEventListener("submit", (event) => void this.submit(event));
    this.search.addEventListener("input", () => this.narrow());
    find("#act-all", HTMLButtonElement, this.dialog).addEventListener("click", () => this.chooseShown(true));
    find("#act-none", HTMLButtonElement, this.dialog).addEventListener("click", () => this.chooseShown(false));
  }

  /** @param {readonly string[]} chosen ids of students @param {string} [verb] */
  open(chosen, verb = "message") {
    const present = [...this.live.participants.values()].filter((one) => !isGone(one)).sort((a, b) => a.name.localeCompare(b.name));
    this.people.replaceChildren(...present.map(({ id, name }) => el("label", { class: "act-person" },
      el("input", { type: "checkbox", class: "form-check-input", name: "who", value: id, checked: chosen.includes(id) }), el("span", { dir: "auto" }, name))));
    find("details", HTMLDetailsElement, this.dialog).open = chosen.length !== 1;
    this.search.value = this.note.value = this.problem.textContent = "";
    this.minutes.value = "10";
    const radio = find(`input[name=verb][value=${verb}]`, HTMLInputElement, this.form);
    radio.checked = true;
    this.narrow();
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
    radio.focus();
  }

  chosen() {
    return [...this.people.querySelectorAll("input:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
  }

  verb() {
    return find("input[name=verb]:checked", HTMLInputElement, this.form).value;
  }

  show() {
    const chosen = this.chosen();
    const verb = this.verb();
    const one = chosen.length === 1 ? this.live.participants.get(chosen[0])?.name : null;
    this.title.textContent = one ?? t("%(count)d students", { count: chosen.length });
    this.count.textContent = t("Chosen: %(count)d", { count: chosen.length });
    this.meaning.textContent = verbMeaning(verb);
    const reasons = REASONS[verb] ?? [];
    const before = this.reason.value;
    this.reason.replaceChildren(...reasons.map((reason) => el("option", { value: reason }, reasonLabel(reason))));
    if (reasons.includes(before)) this.reason.value = before;
    this.part("reason", reasons.length > 0);
    this.part("minutes", verb === "extra_time");
    this.part("note", !WITHOUT_WORDS.has(verb));
    find("#act-note-label", HTMLElement, this.dialog).textContent = noteLabel(verb);
    this.send.replaceChildren(icon(verbSign(verb)), ` ${sendLabel(verb)}`);
    this.send.disabled = chosen.length === 0;
    this.send.className = `btn ${verb === "terminate" ? "btn-danger-quiet" : "btn-primary"}`;
  }

  /** @param {string} name @param {boolean} shown */
  part(name, shown) {
    find(`[data-part=${name}]`, HTMLElement, this.dialog).hidden = !shown;
  }

  narrow() {
    const wanted = this.search.value.trim().toLocaleLowerCase();
    for (const line of this.people.querySelectorAll("label")) line.hidden = !line.textContent?.toLocaleLowerCase().includes(wanted);
  }

  /** @param {boolean} isChosen */
  chooseShown(isChosen) {
    for (const box of this.people.querySelectorAll("label:not([hidden]) input")) /** @type {HTMLInputElement} */ (box).checked = isChosen;
    this.show();
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const [verb, note] = [this.verb(), this.note.value.trim()];
    const minutes = Number(this.minutes.value);
    this.problem.textContent = "";
    if (NEEDS_WORDS.has(verb) && !note) return this.complain(t("The message is empty."), this.note);
    if (verb === "extra_time" && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= 240)) return this.complain(t("Whole minutes, from 1 to 240."), this.minutes);
    this.send.disabled = true;
    try {
      await this.act({
        verb,
        participants: this.chosen(),
        ...(REASONS[verb] ? { reason: this.reason.value } : {}),
        ...(note && !WITHOUT_WORDS.has(verb) ? { note } : {}),
        ...(verb === "extra_time" ? { minutes } : {}),
      });
      this.dialog.close();
    } catch (error) {
      this.complain(problemWords(error), this.send);
    } finally {
      this.send.disabled = false;
    }
  }

  /** @param {string} words @param {HTMLElement} place */
  complain(words, place) {
    this.problem.textContent = words;
    place.focus();
  }
}

/** @param {string} verb */
function sendLabel(verb) {
  if (verb === "message") return t("Send");
  return verb === "terminate" ? t("Ask a second teacher") : verbLabel(verb);
}

/** @param {string} verb */
function noteLabel(verb) {
  if (verb === "message") return t("Message");
  if (verb === "flag") return t("Note for the teachers (what you saw)");
  return t("What the student reads beside the reason");
}
