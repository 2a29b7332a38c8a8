// One decision on several incidents of the same kind: chosen one by one, or all alike that this teacher has seen.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { isOfRoom } from "../incidents/incidents.js";
import { kindLabel } from "../room/labels.js";

/** @typedef {import("../incidents/incidents.js").Incident} Incident */

export class Alike {
  /**
   * @param {HTMLElement} root
   * @param {import("./seen.js").Seen} seen
   * @param {(ids: string[], verdict: string) => Promise<boolean>} judge
   * @param {() => void} changed the list is to be drawn anew
   */
  constructor(root, seen, judge, changed) {
    this.bar = find("#alike", HTMLElement, root);
    this.seen = seen;
    this.judge = judge;
    this.changed = changed;
    /** @type {Set<string>} */
    this.chosen = new Set();
    /** @type {readonly Incident[]} */
    this.shown = [];
  }

  /** @param {readonly Incident[]} incidents as they are listed */
  placed(incidents) {
    this.shown = incidents;
    for (const id of this.chosen) if (!incidents.some((one) => one.id === id && one.isOpen)) this.chosen.delete(id);
    this.draw();
  }

  /** Whether several can be judged together at all, so that a card offers it. @param {Incident} incident */
  canChoose(incident) {
    return incident.isOpen && !isOfRoom(incident.lead) && fits(incident, this.first()) && this.alike(incident).length > 1;
  }

  first() {
    return this.shown.find(({ id }) => this.chosen.has(id)) ?? null;
  }

  /** @param {Incident} incident */
  alike(incident) {
    return this.shown.filter((one) => one.isOpen && !isOfRoom(one.lead) && fits(one, incident));
  }

  /** @param {string} id */
  toggle(id) {
    const incident = this.shown.find((one) => one.id === id);
    if (!incident) return;
    if (this.chosen.has(id)) this.chosen.delete(id);
    else if (this.canChoose(incident)) this.chosen.add(id);
    this.seen.saw(incident); // who chooses it has it in front
    this.changed();
  }

  /** @param {string} verdict */
  async give(verdict) {
    const ids = [...this.chosen];
    await this.seen.flush();
    if (await this.judge(ids, verdict)) this.chosen.clear();
    this.changed();
  }

  draw() {
    const first = this.first();
    this.bar.hidden = !first;
    if (!first) return;
    const others = this.alike(first).filter(({ id }) => this.seen.has(id) && !this.chosen.has(id));
    const unseen = this.alike(first).filter(({ id }) => !this.seen.has(id) && !this.chosen.has(id)).length;
    const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ run) =>
      el("button", { class: "btn btn-sm btn-quiet", type: "button", onclick: run }, icon(sign), ` ${label}`);
    this.bar.replaceChildren(...[
      el("strong", {}, t("%(count)d chosen: %(kind)s", { count: this.chosen.size, kind: kindLabel(first.lead.kind) })),
      button("check-lg", t("Acknowledge"), () => void this.give("acknowledged")),
      button("x-lg", t("Dismiss as wrong"), () => void this.give("dismissed")),
      others.length > 0 && button("check2-all", t("Choose %(count)d more that you have seen", { count: others.length }), () => this.chooseAll(others)),
      button("x-circle", t("Choose none"), () => this.clear()),
      unseen > 0 && el("span", { class: "soft small" }, t("%(count)d alike are not chosen: you have not looked at them yet.", { count: unseen })),
    ].filter((part) => part !== false));
  }

  /** @param {readonly Incident[]} incidents */
  chooseAll(incidents) {
    for (const { id } of incidents) this.chosen.add(id);
    this.changed();
  }

  clear() {
    this.chosen.clear();
    this.changed();
  }
}

/** @param {Incident} one @param {Incident | null} other */
function fits(one, other) {
  return other === null || one.lead.kind === other.lead.kind;
}
