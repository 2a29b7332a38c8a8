// Problem reports of students, below the raised hands: what does not work, an answer in the chat, and when it is solved.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";

/** @typedef {import("../room/types.js").ProblemReport} ProblemReport */

export class Problems {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {{solve: (id: string, solved: boolean) => void, message: (participant: string) => void, open: (participant: string) => void, count: (open: number) => void}} acts
   */
  constructor(root, live, acts) {
    this.list = find("#problems", HTMLElement, root);
    this.live = live;
    this.acts = acts;
    /** @type {Map<string, ProblemReport>} */
    this.known = new Map();
    this.shown = "";
    live.addEventListener("participants", () => this.show());
  }

  /** @param {ProblemReport[]} problems new or changed */
  take(problems) {
    for (const problem of problems) this.known.set(problem.id, problem);
    this.show();
  }

  show() {
    const open = [...this.known.values()].filter(({ solved_at: at }) => at === null).sort((a, b) => a.at - b.at);
    const text = open.map(({ id, participant }) => `${id} ${this.name(participant)}`).join();
    if (text === this.shown) return;
    this.shown = text;
    this.acts.count(open.length);
    this.list.hidden = open.length === 0;
    this.list.replaceChildren(...open.map((problem) => this.line(problem)));
  }

  /** @param {string} participant */
  name(participant) {
    return this.live.participants.get(participant)?.name ?? "?";
  }

  /** @param {ProblemReport} problem */
  line({ id, participant, category, text, at }) {
    const name = this.name(participant);
    const button = (/** @type {string} */ label, /** @type {() => void} */ run) =>
      el("button", { class: "btn btn-sm btn-quiet", type: "button", "aria-label": `${label}: ${name}`, onclick: run }, label);
    return el("li", { class: "hand is-problem" }, icon("wrench-adjustable"),
      el("span", { class: "grow" },
        el("button", { class: "link-button", type: "button", dir: "auto", onclick: () => this.acts.open(participant) }, name),
        el("span", { class: "soft" }, ` ${categoryLabel(category)} · ${clockTime(at)}`), el("span", { class: "problem-text", dir: "auto" }, text)),
      el("span", { class: "hand-acts" }, button(t("Message"), () => this.acts.message(participant)), button(t("Solved"), () => this.acts.solve(id, true))));
  }
}

/** @param {string} category */
export function categoryLabel(category) {
  switch (category) {
    case "camera": return t("Camera");
    case "sound": return t("Sound");
    case "network": return t("Connection");
    case "paper": return t("The exam itself");
    default: return t("Something else");
  }
}
