// Raised hands and breaks, above the incidents: who asks, why and since when, and what a teacher does about it.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {"seen" | "break" | "down"} Answer
 * @typedef {object} Acts
 * @property {(participant: string, answer: Answer) => void} answer
 * @property {(participant: string) => void} message
 * @property {(participant: string) => void} open the large view
 * @property {(waiting: number) => void} count how many wait for somebody, whenever the list changed
 */

const EVERY_MS = 10_000;

export class Hands {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {Acts} acts
   */
  constructor(root, live, batch, acts) {
    this.root = find("#hands", HTMLElement, root);
    this.live = live;
    this.acts = acts;
    this.shown = "";
    const draw = () => this.show();
    live.addEventListener("participants", () => batch.ask(draw));
    setInterval(() => batch.ask(draw), EVERY_MS);
  }

  show() {
    const lines = handsOf(this.live.participants.values()).map((participant) => ({ participant, words: wordsOf(participant, this.live.now()) }));
    const text = lines.map(({ participant, words }) => `${participant.id} ${participant.name} ${words}`).join("\n");
    if (text === this.shown) return;
    this.shown = text;
    this.acts.count(lines.filter(({ participant }) => isNew(participant)).length);
    const held = this.root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.key : undefined;
    this.root.hidden = lines.length === 0;
    this.root.replaceChildren(...lines.map(({ participant, words }) => this.line(participant, words)));
    if (held) /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-key="${CSS.escape(held)}"]`))?.focus();
  }

  /** Go to the first one that nobody has answered, else to the first. */
  focus() {
    const first = this.root.querySelector(".is-new button") ?? this.root.querySelector("button");
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {Participant} participant @param {string} words */
  line({ id, name, hand }, words) {
    const button = (/** @type {string} */ key, /** @type {string} */ label, /** @type {() => void} */ run) =>
      el("button", { class: "btn btn-sm btn-quiet", type: "button", "aria-label": `${label}: ${name}`, dataset: { key: `${id} ${key}` }, onclick: run }, label);
    const isBreak = hand?.break_since != null;
    const acts = [
      !isBreak && !hand?.seen_by && button("seen", t("Seen"), () => this.acts.answer(id, "seen")),
      !isBreak && button("break", t("Allow a break"), () => this.acts.answer(id, "break")),
      button("down", isBreak ? t("End the break") : t("Done"), () => this.acts.answer(id, "down")),
      button("message", t("Message"), () => this.acts.message(id)),
    ];
    return el("li", { class: `hand${isBreak ? " is-break" : ""}${hand?.seen_by || isBreak ? "" : " is-new"}` },
      icon(isBreak ? "cup-hot" : "hand-index-thumb"),
      el("span", { class: "grow" }, el("button", { class: "link-button", type: "button", dir: "auto", dataset: { key: `${id} open` }, onclick: () => this.acts.open(id) }, name), " ", el("span", { class: "soft" }, words)),
      el("span", { class: "hand-acts" }, ...acts));
  }
}

/** Who has a hand up or is on a break: who asked first is first, breaks are last. @param {Iterable<Participant>} participants @returns {Participant[]} */
export function handsOf(participants) {
  const asking = [...participants].filter(({ hand }) => hand && (hand.reason !== null || hand.break_since !== null));
  return asking.sort((a, b) => Number(a.hand?.break_since != null) - Number(b.hand?.break_since != null) || begun(a) - begun(b));
}

/** @param {Participant} participant */
function isNew({ hand }) {
  return hand?.reason != null && !hand.seen_by && hand.break_since === null;
}

/** @param {Participant} participant */
function begun({ hand }) {
  return hand?.break_since ?? hand?.since ?? 0;
}

/** @param {Participant} participant @param {number} now ms */
export function wordsOf(participant, now) {
  const { hand } = participant;
  const minutes = Math.max(0, Math.floor((now - begun(participant)) / 60_000));
  if (hand?.break_since != null) return t("On a break for %(minutes)d min", { minutes });
  const why = reasonLabel(hand?.reason ?? "other");
  const since = minutes > 0 ? t("%(why)s, for %(minutes)d min", { why, minutes }) : why;
  return hand?.seen_by ? t("%(what)s (seen by %(name)s)", { what: since, name: hand.seen_by }) : since;
}

/** @param {string} reason */
function reasonLabel(reason) {
  switch (reason) {
    case "question": return t("has a question");
    case "break": return t("asks for a break");
    case "technical": return t("says that something does not work");
    default: return t("asks for you");
  }
}
