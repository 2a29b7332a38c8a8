// What an optional step says of its try: a sign, a sentence, how to mend it, and which buttons are there.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { N_ } from "./mark.js";

/** @typedef {"ready" | "busy" | "good" | "bad"} Mark */

const SIGNS = {
  busy: { icon: "hourglass-split", word: N_("One moment:") },
  good: { icon: "check-circle-fill", word: N_("All right:") },
  bad: { icon: "dash-circle-fill", word: N_("Not yet:") },
};

export class TryBox {
  /** @param {HTMLElement} root @param {{begin: () => void, next: () => void, skip: () => void}} acts */
  constructor(root, { begin, next, skip }) {
    this.box = find(".try", HTMLElement, root);
    this.begin = find("[data-begin]", HTMLButtonElement, root);
    this.next = find("[data-next]", HTMLButtonElement, root);
    this.skip = find("[data-skip]", HTMLButtonElement, root);
    this.begin.addEventListener("click", begin);
    this.next.addEventListener("click", next);
    this.skip.addEventListener("click", skip);
  }

  /** @param {Mark} mark @param {string} text a key for t() @param {string} [help] another */
  show(mark, text, help = "") {
    const changed = this.box.dataset.mark !== mark;
    this.box.dataset.mark = mark;
    if (changed) find(".sign", HTMLElement, this.box).replaceChildren(...sign(mark));
    put(find(".try-text", HTMLElement, this.box), text && t(text));
    put(find(".try-help", HTMLElement, this.box), help && t(help));
    this.begin.hidden = mark === "busy" || mark === "good";
    if (mark === "bad") this.begin.textContent = t("Try again");
    this.next.hidden = mark !== "good";
    this.skip.hidden = mark === "good";
    if (changed && mark === "good") this.next.focus();
  }
}

/** @param {Mark} mark */
function sign(mark) {
  if (mark === "ready") return [];
  return [icon(SIGNS[mark].icon), el("span", { class: "visually-hidden" }, t(SIGNS[mark].word))];
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text; // else a screen reader says it again
}
