// What comparing faces has come to, as quiet lines: no sound, no count, and never a violation by itself.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { identityEvent, identityEventSign } from "./score_labels.js";

/** @typedef {import("../room/types.js").IdentityEvent} IdentityEvent */

const MOST_LINES = 50;

export class IdentityLog {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {(participant: string) => void} open
   */
  constructor(root, live, batch, open) {
    this.live = live;
    this.box = find("#identity-log", HTMLDetailsElement, root);
    this.newest = find("#identity-newest", HTMLElement, root);
    this.list = find("#identity-lines", HTMLElement, root);
    /** @type {IdentityEvent[]} newest first */
    this.events = [];
    this.draw = () => this.show();
    live.addEventListener("identity", (event) => {
      this.events = [/** @type {CustomEvent<IdentityEvent>} */ (event).detail, ...this.events].slice(0, MOST_LINES);
      batch.ask(this.draw);
    });
    this.list.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("[data-id]") : null;
      if (line instanceof HTMLElement && line.dataset.id) open(line.dataset.id);
    });
  }

  show() {
    const [newest] = this.events;
    this.box.hidden = !newest;
    if (!newest) return;
    this.newest.replaceChildren(...this.line(newest));
    this.list.replaceChildren(...this.events.map((one) => el("li", {}, el("button", { type: "button", class: "identity-line", dataset: { id: one.participant } }, ...this.line(one)))));
  }

  /** @param {IdentityEvent} event */
  line(event) {
    const name = this.live.participants.get(event.participant)?.name ?? t("Somebody who left");
    return [icon(identityEventSign(event.event)), el("span", { class: "grow" }, el("bdi", {}, name), ` · ${identityEvent(event)}`), el("time", { class: "soft" }, clockTime(event.at))];
  }
}
