// The waiting room: who asks to come in, and the teacher's answer.

import { el, find, icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { announce } from "../lib/notify.js";
import { identitySign, identityWords } from "./score_words.js";

/** @typedef {import("./types.js").Participant} Participant */

export class WaitingRoom {
  /**
   * @param {HTMLElement} root
   * @param {import("./live_room.js").LiveRoom} live
   * @param {import("./frames.js").FrameBatch} batch
   * @param {{admit: (id: string, admit: boolean) => void, count: (count: number) => void}} act
   */
  constructor(root, live, batch, act) {
    this.live = live;
    this.act = act;
    this.list = find("#waiting", HTMLElement, root);
    this.empty = find("#waiting-empty", HTMLElement, root);
    this.all = find("#admit-all", HTMLButtonElement, root);
    this.bar = find("#waiting-bar", HTMLElement, root);
    this.words = find("#waiting-words", HTMLElement, root);
    this.shown = "";
    this.before = 0;
    this.all.addEventListener("click", () => this.admitAll());
    find("#waiting-admit-all", HTMLButtonElement, root).addEventListener("click", () => this.admitAll());
    this.list.addEventListener("click", (event) => this.clicked(event.target));
    const draw = () => this.show();
    live.addEventListener("participants", () => batch.ask(draw));
  }

  /** Those who wait, first come first; the refused ones stay in reach, a slip of the hand can be taken back. */
  people() {
    const asked = [...this.live.participants.values()].filter((one) => one.state === "waiting" || one.state === "refused");
    return asked.sort((a, b) => (a.state < b.state ? 1 : a.state > b.state ? -1 : a.joined_at - b.joined_at));
  }

  show() {
    const people = this.people();
    const waiting = people.filter((one) => one.state === "waiting").length;
    const text = JSON.stringify(people.map((one) => [one.id, one.name, one.state, one.online, one.identity, one.identity_reason, one.reference]));
    if (text === this.shown) return;
    this.shown = text;
    const held = this.list.contains(document.activeElement);
    this.list.replaceChildren(...people.map((one) => line(one)));
    if (held) this.list.querySelector("button")?.focus();
    this.empty.hidden = people.length > 0;
    this.all.hidden = waiting < 2;
    this.bar.hidden = waiting === 0;
    this.words.textContent = waiting === 1 ? t("1 student is waiting to come in.") : t("%(count)s students are waiting to come in.", { count: waiting });
    if (waiting > this.before) announce(this.words.textContent);
    this.before = waiting;
    this.act.count(waiting);
  }

  admitAll() {
    // Whoever is unlike the photo is let in by hand alone, after a look.
    for (const one of this.people()) if (one.state === "waiting" && !isUnlike(one)) this.act.admit(one.id, true);
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    const button = target instanceof Element ? target.closest("[data-admit]") : null;
    if (button instanceof HTMLElement) this.act.admit(button.dataset.id ?? "", button.dataset.admit === "yes");
  }
}

/** @param {Participant} participant */
function isUnlike({ identity, reference }) {
  return identity === "mismatch" && reference === "photo";
}

/** @param {Participant} participant */
function line(participant) {
  const { id, name, state, online, identity = "unknown", reference } = participant;
  const refused = state === "refused";
  const admit = el("button", { class: `btn btn-sm ${refused ? "btn-quiet" : "btn-primary"}`, type: "button", dataset: { id, admit: "yes" }, "aria-label": t("Let %(name)s in", { name }) }, t("Let in"));
  const refuse = el("button", { class: "btn btn-sm btn-quiet", type: "button", dataset: { id, admit: "no" }, "aria-label": t("Refuse %(name)s", { name }) }, t("Refuse"));
  return el("li", { class: "waiting-line" }, el("span", { class: "grow" }, el("strong", { dir: "auto" }, name),
    !online && el("span", { class: "soft" }, " ", icon("wifi-off"), ` ${t("Offline")}`),
    refused && el("span", { class: "soft" }, ` ${t("Refused")}`),
    reference === "photo" && el("span", { class: "waiting-identity small", dataset: { identity } }, icon(identitySign(identity)), ` ${identityWords(participant)}`)), admit, refused ? null : refuse);
}
