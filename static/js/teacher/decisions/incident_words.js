// Beside an incident's picture: how far two people have come with it, and what its student answered.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { caseNotes, caseWords } from "./cases.js";

export class IncidentWords {
  /** @param {HTMLElement} root @param {import("../room/live_room.js").LiveRoom} live */
  constructor(root, live) {
    this.root = root;
    this.place = find("#alert-said", HTMLElement, root);
    this.live = live;
  }

  /** @param {import("../incidents/incidents.js").Incident} incident */
  show(incident) {
    const known = this.live.caseOf(incident);
    const words = caseWords(known);
    const answers = this.live.answers.get(incident.id) ?? [];
    this.place.replaceChildren(...[
      words && el("p", { class: "incident-case", dir: "auto" }, icon("people"), ` ${words}`),
      ...caseNotes(known).map(([name, note]) => el("p", { class: "small", dir: "auto" }, el("strong", {}, `${name}: `), note)),
      ...answers.map(answer),
    ].filter((part) => part !== ""));
  }
}

/** @param {import("../room/types.js").Answer} answer */
function answer({ text, at }) {
  const when = t("The student answered at %(time)s:", { time: clockTime(at) });
  return el("blockquote", { class: "incident-answer" },
    el("span", { class: "soft small" }, icon("chat-left-quote"), ` ${when}`), el("span", { class: "answer-text", dir: "auto" }, text));
}
