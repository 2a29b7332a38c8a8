// One alert in the list.

import { el, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { explain } from "./alert_filter.js";
import { WEBCAM } from "./feed.js";
import { channelLabel, roleSign } from "../large/phone_labels.js";
import { lasting } from "../room/times.js";
import { kindLabel, severityLabel, severitySign, verdictLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Alert} Alert */

export class AlertRow {
  /** @param {Alert} alert */
  constructor(alert) {
    this.alert = alert;
    this.element = el("li", { class: "alert-row", dataset: { id: alert.id } });
    this.shown = "";
    this.refresh(alert, false);
  }

  /**
   * @param {Alert} alert
   * @param {boolean} current the one row that Tab reaches
   */
  refresh(alert, current) {
    this.alert = alert;
    const text = `${alert.verdict}|${alert.ended_at}|${alert.note}|${alert.evidence}|${alert.name}|${alert.incident}`;
    if (text !== this.shown) this.build();
    this.shown = text;
    for (const button of this.element.querySelectorAll("button")) button.tabIndex = current ? 0 : -1;
    this.element.classList.toggle("is-current", current);
  }

  focus() {
    this.element.querySelector("button")?.focus();
  }

  build() {
    const { alert } = this;
    const held = this.element.contains(document.activeElement);
    this.element.dataset.severity = alert.severity;
    this.element.dataset.verdict = alert.verdict;
    this.element.replaceChildren(this.opener(), this.actions());
    if (held) this.focus();
  }

  opener() {
    const { alert } = this;
    return el(
      "button",
      { class: "alert-open", type: "button" },
      el("span", { class: "alert-head" }, icon(severitySign(alert.severity)), el("span", { class: "visually-hidden" }, `${severityLabel(alert.severity)}: `),
        el("strong", {}, kindLabel(alert.kind)), el("span", { class: "alert-name", dir: "auto" }, alert.name)),
      alert.evidence && el("img", { class: "alert-thumb", src: listed(alert.evidence), alt: "", loading: "lazy", decoding: "async" }),
      el("span", { class: "alert-text" }, explain(alert)),
      el("span", { class: "alert-about" }, el("time", {}, clockTime(alert.raised_at, { seconds: true })), this.length(),
        alert.channel && alert.channel !== WEBCAM && el("span", {}, icon(roleSign(alert.channel)), ` ${channelLabel(alert.channel)}`),
        alert.note && el("span", { title: alert.note }, icon("sticky"), ` ${t("Note")}`),
        alert.verdict !== "new" && el("span", { class: "alert-verdict" }, icon(alert.verdict === "dismissed" ? "x-lg" : "check-lg"),
          ` ${verdictLabel(alert.verdict)}`, alert.handled_by && ` · ${alert.handled_by}`)),
    );
  }

  length() {
    const { started_at: start, ended_at: end } = this.alert;
    if (end === null) return el("span", { class: "alert-now" }, t("going on"));
    return end - start >= 1000 && el("span", {}, lasting(end - start)); // a phrase is heard in a moment
  }

  actions() {
    const action = (/** @type {string} */ act, /** @type {string} */ sign, /** @type {string} */ label) =>
      el("button", { class: "tool", type: "button", dataset: { act }, title: label, "aria-label": label }, icon(sign));
    return el("span", { class: "alert-actions" }, ...(this.alert.verdict === "new"
      ? [action("acknowledged", "check-lg", t("Acknowledge")), action("dismissed", "x-lg", t("Dismiss as wrong"))]
      : [action("new", "arrow-counterclockwise", t("Take back"))]));
  }
}

/** The address of a picture that a list shows small: nobody opened it, and the log of who looked is told so. @param {string} address */
export function listed(address) {
  return `${address}?in=list`;
}
