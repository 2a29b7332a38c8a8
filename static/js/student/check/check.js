// The system check as people see it: one line for each test with a tick or a cross, how to mend it, and the way in.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";
import { browserOf } from "./camera_help.js";
import { N_ } from "./mark.js";
import { senseVerdicts } from "../phones/sensor_verdicts.js";
import { mayGo, verdicts } from "./verdicts.js";

/** @typedef {import("./verdicts.js").Facts & import("../phones/sensor_verdicts.js").Facts} Facts */
/** @typedef {import("./verdicts.js").Verdict} Verdict */

const SIGNS = {
  good: { icon: "check-circle-fill", word: N_("All right:") },
  bad: { icon: "x-circle-fill", word: N_("Not yet:") },
  busy: { icon: "hourglass-split", word: N_("One moment:") },
  unknown: { icon: "dash-circle-fill", word: N_("Note:") },
};
const LOOK_AGAIN_MS = 500;

export class SystemCheck {
  /**
   * @param {HTMLElement} root
   * @param {boolean} analysed whether the server looks at pictures at all
   * @param {{onGo: () => void, onRetry: () => void, onMeasure: () => void, onListen: () => void}} actions
   */
  constructor(root, analysed, { onGo, onRetry, onMeasure, onListen }) {
    this.root = root;
    this.shown = new Map();
    /** @type {Facts} */
    this.facts = { camera: "asking", browser: browserOf(navigator.userAgent), look: null, lookWait: 0, analysed, speed: null, microphone: null, place: null };
    this.startedAt = performance.now();
    /** @type {number | null} since when pictures go out without a look coming back */
    this.sentSince = null;
    this.go = find("#go", HTMLButtonElement, root);
    this.note = find("#go-note", HTMLElement, root);
    this.go.addEventListener("click", onGo);
    find("#camera-retry", HTMLButtonElement, root).addEventListener("click", onRetry);
    find("#measure-again", HTMLButtonElement, root).addEventListener("click", onMeasure);
    find("#microphone-retry", HTMLButtonElement, root).addEventListener("click", onListen);
    setInterval(() => this.#show(), LOOK_AGAIN_MS);
  }

  /** Take what is new. @param {Partial<Facts>} facts */
  learn(facts) {
    // A camera that is back was not looked at yet: what was seen before says nothing about it.
    if (facts.camera && facts.camera !== "on") Object.assign(this, { sentSince: null, startedAt: performance.now() });
    if (facts.camera && facts.camera !== this.facts.camera) this.facts.look = null;
    Object.assign(this.facts, facts);
    this.#show();
  }

  /** A picture went out. */
  sent() {
    this.sentSince ??= performance.now();
  }

  #show() {
    if (this.root.hidden || this.root.dataset.part !== "checks") return;
    this.facts.lookWait = this.sentSince === null ? 0 : (performance.now() - this.sentSince) / 1000;
    const all = { ...verdicts(this.facts), ...senseVerdicts(this.facts) };
    for (const [name, verdict] of Object.entries(all)) this.#line(name, verdict);
    this.#way(mayGo(all, (performance.now() - this.startedAt) / 1000));
  }

  /** @param {string} name @param {Verdict} verdict */
  #line(name, verdict) {
    const text = t(verdict.text, verdict.params);
    const key = `${verdict.mark} ${text}`;
    if (this.shown.get(name) === key) return; // nothing changed: a screen reader is not to hear it again
    this.shown.set(name, key);
    const line = find(`[data-check="${name}"]`, HTMLElement, this.root);
    line.hidden = false;
    const sign = SIGNS[verdict.mark];
    line.dataset.mark = verdict.mark;
    find(".sign", HTMLElement, line).replaceChildren(icon(sign.icon), el("span", { class: "visually-hidden" }, t(sign.word)));
    find(".verdict", HTMLElement, line).textContent = text;
    const help = (verdict.help ?? []).map((sentence) => el("li", {}, t(sentence)));
    find(".mend", HTMLElement, line).replaceChildren(...help);
    const retry = line.querySelector(`#${name}-retry`);
    if (retry) /** @type {HTMLElement} */ (retry).hidden = verdict.mark !== "bad";
    if (verdict.mark === "bad") announce(text);
  }

  /** @param {"yes" | "noted" | "anyway" | "no"} way */
  #way(way) {
    if (this.go.dataset.way === way) return;
    this.go.dataset.way = way;
    this.go.disabled = way === "no";
    this.go.classList.toggle("btn-primary", way !== "anyway");
    this.go.classList.toggle("btn-quiet", way === "anyway");
    this.go.textContent = way === "anyway" ? t("Go on anyway") : t("Go on");
    this.note.textContent = t(WAY_NOTES[way]);
  }
}

const WAY_NOTES = {
  yes: N_("Everything works."),
  noted: N_("You can go on. What is marked above does not count against you."),
  no: N_("The button becomes active when the checks are done. If something cannot be fixed, it becomes active a little later all the same."),
  anyway: N_("Not everything works yet. You can go on: your teacher will be told, and nothing of this counts against you."),
};
