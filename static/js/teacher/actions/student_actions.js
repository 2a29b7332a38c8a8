// In the large view: what may be done about this student, and what was done, with what became of it.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { doneLabel, reasonLabel, stateWords, verbSign } from "./words.js";

export class StudentActions {
  /**
   * @param {HTMLElement} root
   * @param {import("./actions.js").Actions} actions
   * @param {() => string | null} shown the student in the large view
   */
  constructor(root, actions, shown) {
    this.part = find("#large-actions-part", HTMLElement, root);
    this.list = find("#large-actions", HTMLElement, root);
    this.actions = actions;
    this.student = shown;
    this.drawn = "";
    for (const [what, place] of /** @type {[string, EventTarget][]} */ ([["change", actions], ["participants", actions.live], ["opened", actions.live]])) {
      place.addEventListener(what, () => this.show());
    }
  }

  show() {
    const done = this.actions.of(this.student() ?? "");
    const text = JSON.stringify(done);
    if (text === this.drawn) return;
    this.drawn = text;
    this.part.hidden = done.length === 0;
    this.list.replaceChildren(...done.map(line));
  }
}

/** @param {import("../room/types.js").Action} action */
function line(action) {
  const { verb, reason, note, by, at, undone } = action;
  const why = [reason && reasonLabel(reason), note].filter(Boolean).join(": ");
  return el("li", { class: undone ? "is-undone" : null }, icon(verbSign(verb)),
    el("span", { class: "grow" }, `${doneLabel(action)} `, el("span", { class: "soft", dir: "auto" }, [why, t("by %(name)s", { name: by }), stateWords(action)].filter(Boolean).join(" · "))),
    el("time", { class: "soft" }, clockTime(at)));
}
