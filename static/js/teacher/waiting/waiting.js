// The waiting room: who asks to come in, how their check went, and the teacher's answer.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";
import { reconcile } from "../../shared/chat_lines.js";
import { checkTroubles, isUnlike } from "./check_result.js";
import { WEBCAM } from "../grid/picture_feed.js";
import { WaitingRow } from "./waiting_row.js";

/** @typedef {import("../room/types.js").Participant} Participant */

export class WaitingRoom {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {{admit: (id: string, admit: boolean) => void, count: (count: number) => void, open: (id: string) => void, watch: (ids: string[]) => void}} act
   */
  constructor(root, live, batch, act) {
    this.live = live;
    this.act = act;
    this.list = find("#waiting", HTMLElement, root);
    this.empty = find("#waiting-empty", HTMLElement, root);
    this.all = find("#admit-all", HTMLButtonElement, root);
    this.good = find("#admit-good", HTMLButtonElement, root);
    this.bar = find("#waiting-bar", HTMLElement, root);
    this.barAll = find("#waiting-admit-all", HTMLButtonElement, root);
    this.words = find("#waiting-words", HTMLElement, root);
    /** @type {Map<string, WaitingRow>} */
    this.rows = new Map();
    /** @type {Set<string>} */
    this.visible = new Set();
    this.eyes = new IntersectionObserver((entries) => this.seen(entries));
    this.before = 0;
    this.all.addEventListener("click", () => this.admit(this.waiting().filter((one) => !isUnlike(one))));
    for (const button of [this.good, this.barAll]) button.addEventListener("click", () => this.admit(this.waiting().filter(isWell)));
    this.list.addEventListener("click", (event) => this.clicked(event.target));
    const draw = () => this.show();
    live.addEventListener("participants", () => batch.ask(draw));
  }

  /** Those who wait, first come first; the refused ones stay in reach, a slip of the hand can be taken back. */
  people() {
    const asked = [...this.live.participants.values()].filter((one) => one.state === "waiting" || one.state === "refused");
    return asked.sort((a, b) => (a.state < b.state ? 1 : a.state > b.state ? -1 : a.joined_at - b.joined_at));
  }

  waiting() {
    return this.people().filter((one) => one.state === "waiting");
  }

  show() {
    const people = this.people();
    const held = this.list.contains(document.activeElement);
    this.dropGone(new Set(people.map(({ id }) => id)));
    reconcile(this.list, people.map((one) => this.row(one).place));
    if (held && !this.list.contains(document.activeElement)) this.list.querySelector("button")?.focus();
    this.empty.hidden = people.length > 0;
    this.offer();
  }

  /** The buttons that let in many at once, and the bar above the grid. */
  offer() {
    const waiting = this.waiting();
    const well = waiting.filter(isWell).length;
    this.all.hidden = waiting.length < 2;
    this.good.hidden = well === 0 || well === waiting.length;
    this.good.textContent = t("Let all in without problems (%(count)s)", { count: well });
    this.all.classList.toggle("btn-primary", this.good.hidden);
    this.all.classList.toggle("btn-quiet", !this.good.hidden);
    this.bar.hidden = waiting.length === 0;
    this.barAll.hidden = well === 0;
    this.barAll.textContent = this.good.hidden ? t("Let all in") : this.good.textContent;
    this.words.textContent = waiting.length === 1 ? t("1 student is waiting to come in.") : t("%(count)s students are waiting to come in.", { count: waiting.length });
    if (waiting.length > this.before) announce(this.words.textContent);
    this.before = waiting.length;
    this.act.count(waiting.length);
  }

  /** @param {Participant} participant */
  row(participant) {
    const known = this.rows.get(participant.id);
    const row = known ?? new WaitingRow(participant);
    if (!known) {
      this.rows.set(participant.id, row);
      this.eyes.observe(row.place);
    }
    row.show(participant);
    return row;
  }

  /** @param {Set<string>} here */
  dropGone(here) {
    for (const [id, row] of this.rows) {
      if (here.has(id)) continue;
      this.eyes.unobserve(row.place);
      this.rows.delete(id);
      if (this.visible.delete(id)) this.act.watch([...this.visible]);
    }
  }

  /** Pictures are asked for of the rows that can be seen. @param {IntersectionObserverEntry[]} entries */
  seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const id = target instanceof HTMLElement ? (target.dataset.id ?? "") : "";
      if (isIntersecting && this.rows.has(id)) this.visible.add(id);
      else this.visible.delete(id);
    }
    this.act.watch([...this.visible]);
  }

  /** @param {import("../grid/picture_feed.js").Picture} picture */
  paint({ id, channel, bitmap }) {
    if (channel === WEBCAM) this.rows.get(id)?.paint(bitmap);
  }

  /** @param {Participant[]} people */
  admit(people) {
    for (const { id } of people) this.act.admit(id, true);
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    const button = target instanceof Element ? target.closest("button") : null;
    const id = button?.dataset.id ?? "";
    if (button?.dataset.open) this.act.open(id);
    else if (button?.dataset.admit) this.act.admit(id, button.dataset.admit === "yes");
  }
}

/** @param {Participant} participant */
function isWell(participant) {
  return checkTroubles(participant).length === 0;
}
