// One incident in the list: whose it is, the worst of it in words, how often it came, and each time folded inside.

import { el, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { explain, explainRoom } from "./alert_filter.js";
import { WEBCAM } from "../grid/picture_feed.js";
import { isOfRoom, kindsIn, studentsIn } from "./incidents.js";
import { channelLabel, roleSign } from "../large/phone_labels.js";
import { playableOf } from "../player/capsule_words.js";
import { lasting } from "../room/times.js";
import { kindLabel, severityLabel, severitySign, verdictLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./shares.js").Concern} Concern
 * @typedef {{words: string, answers: number, isChosen: boolean | null}} Said what people said of it; isChosen null where there are none like it
 */

/** @type {Said} */
const NOTHING = { words: "", answers: 0, isChosen: null };

export class IncidentCard {
  /** @param {Incident} incident */
  constructor(incident) {
    this.incident = incident;
    this.element = el("li", { class: "incident", dataset: { id: incident.id } });
    this.shown = "";
    this.isUnfolded = false;
    /** @type {Concern | null} */
    this.whose = null;
    this.said = NOTHING;
    this.refresh(incident, false, null);
  }

  /**
   * @param {Incident} incident
   * @param {boolean} current the one card that Tab reaches
   * @param {Concern | null} whose null where that makes no difference
   * @param {Said} [said]
   */
  refresh(incident, current, whose, said = NOTHING) {
    this.incident = incident;
    this.whose = whose;
    this.said = said;
    const text = [JSON.stringify([whose, said]), ...incident.alerts.map(traceOf)].join("\n");
    if (text !== this.shown) this.build();
    this.shown = text;
    for (const one of this.element.querySelectorAll("button, summary")) {
      if (one instanceof HTMLElement) one.tabIndex = current ? 0 : -1;
    }
    this.element.classList.toggle("is-current", current);
  }

  focus() {
    this.element.querySelector("button")?.focus();
  }

  /** Show or hide each time that it came. */
  fold() {
    const details = this.element.querySelector("details");
    if (details) details.open = !details.open;
  }

  build() {
    const { lead, verdict } = this.incident;
    const held = this.element.contains(document.activeElement);
    this.element.dataset.severity = lead.severity;
    this.element.dataset.verdict = verdict;
    this.element.classList.toggle("is-of-room", isOfRoom(lead));
    this.element.classList.toggle("is-chosen", this.said.isChosen === true);
    this.element.classList.toggle("has-whose", this.whose !== null);
    this.element.classList.toggle("is-of-others", this.whose?.of === "others");
    this.element.replaceChildren(el("div", { class: "incident-top" }, this.opener(), this.actions(), this.chooser()), ...this.repeats());
    if (held) this.focus();
  }

  opener() {
    const { lead } = this.incident;
    return el(
      "button",
      { class: "incident-open", type: "button", title: explain(lead), dataset: { alert: lead.id, severity: lead.severity } },
      el("span", { class: "incident-head" }, icon(isOfRoom(lead) ? "people-fill" : severitySign(lead.severity)),
        el("span", { class: "visually-hidden" }, `${severityLabel(lead.severity)}: `), ...this.title()),
      !lead.evidence && playableOf(this.incident) && el("span", { class: "alert-thumb" }),
      lead.evidence && el("img", { class: "alert-thumb", src: listed(lead.evidence), alt: "", loading: "lazy", decoding: "async" }),
      el("span", { class: "alert-text" }, isOfRoom(lead) ? explainRoom(lead.kind) : explain(lead)),
      this.about(),
    );
  }

  /** @returns {HTMLElement[]} */
  title() {
    const { lead } = this.incident;
    const kind = kindLabel(lead.kind);
    if (!isOfRoom(lead)) return [el("strong", { dir: "auto" }, lead.name), el("span", { class: "incident-kind" }, kind)];
    const count = t("%(count)d students", { count: studentsIn(this.incident) });
    return [el("strong", {}, kind), el("span", { class: "incident-kind" }, count)];
  }

  about() {
    const { alerts, lead, isAgain } = this.incident;
    const notes = [...new Set(alerts.map((alert) => alert.note).filter(Boolean))].join("\n");
    return el(
      "span",
      { class: "alert-about" },
      el("span", {}, this.often()),
      lengthOf(alerts.find((alert) => alert.ended_at === null) ?? lead),
      channelOf(lead),
      notes && el("span", { title: notes }, icon("sticky"), ` ${t("Note")}`),
      this.whose && whoseWords(this.whose),
      isAgain && el("span", { class: "incident-again" }, icon("arrow-repeat"), ` ${t("Came again after a verdict")}`),
      this.incident.verdict !== "new" && verdictOf(lead),
      this.said.answers > 0 && el("span", { class: "incident-answered" }, icon("chat-left-quote"), ` ${t("The student answered")}`),
      this.said.words && el("span", { class: "incident-case" }, icon("people"), ` ${this.said.words}`),
    );
  }

  often() {
    const { alerts, since } = this.incident;
    const time = clockTime(since, { seconds: true });
    return alerts.length > 1 ? t("%(count)d alerts since %(time)s", { count: alerts.length, time }) : time;
  }

  actions() {
    const action = (/** @type {string} */ act, /** @type {string} */ sign, /** @type {string} */ label, /** @type {string} */ key) =>
      el("button", { class: "tool", type: "button", dataset: { act }, title: `${label} (${key})`, "aria-label": label }, icon(sign));
    const claim = this.whose?.claimed && this.whose.of === "mine" ? t("Give it back") : t("Look after this incident");
    const play = playableOf(this.incident) && el("button", { class: "incident-play", type: "button", dataset: { act: "play" }, title: `${t("Play the seconds around it")} (${t("Space")})`, "aria-label": t("Play the seconds around it") }, icon("play-fill"));
    return el("span", { class: "alert-actions" }, play, this.whose && action("claim", "person-raised-hand", claim, "c"), ...(this.incident.verdict === "new"
      ? [action("acknowledged", "check-lg", t("Acknowledge"), "a"), action("dismissed", "x-lg", t("Dismiss as wrong"), "x")]
      : [action("new", "arrow-counterclockwise", t("Take back"), "u")]));
  }

  /** Offered where there are others like it. */
  chooser() {
    const { isChosen } = this.said;
    const label = t("Choose for a decision on several");
    return isChosen !== null && el("button", { class: "tool incident-choose", type: "button", dataset: { act: "choose" }, "aria-pressed": String(isChosen), title: `${label} (s)`, "aria-label": label }, icon(isChosen ? "check-square-fill" : "square"));
  }

  /** @returns {HTMLElement[]} nothing for what came once */
  repeats() {
    const { alerts } = this.incident;
    if (alerts.length < 2) return [];
    const details = el("details", { class: "incident-repeats" });
    details.open = this.isUnfolded;
    details.addEventListener("toggle", () => (this.isUnfolded = details.open));
    details.append(el("summary", { title: t("Show each time (e)"), dir: "auto" }, summaryOf(alerts)), el("ul", {}, ...alerts.map(repeat)));
    return [details];
  }
}

/** @param {Concern} whose */
function whoseWords({ of: who, name, claimed }) {
  const words = { mine: claimed ? t("You look after this") : t("Your share"), everybody: t("For everybody"), others: claimed ? t("%(name)s looks after this", { name }) : t("Share of %(name)s", { name }) }[who];
  return el("span", { class: `incident-whose${claimed ? " is-claimed" : ""}`, dir: "auto" }, icon(claimed ? "person-raised-hand" : "person"), ` ${words}`);
}

/** What is folded inside: whom it was about, or what it was. @param {Alert[]} alerts */
function summaryOf(alerts) {
  if (isOfRoom(alerts[0])) return [...new Set(alerts.map((alert) => alert.name))].join(", ");
  return kindsIn(alerts).map(([kind, count]) => (count > 1 ? `${kindLabel(kind)} (${count})` : kindLabel(kind))).join(", ");
}

/** Everything of an alert that its card shows. @param {Alert} alert */
function traceOf(alert) {
  return [alert.id, alert.verdict, alert.ended_at, alert.note, alert.evidence, alert.name, alert.severity, alert.handled_by, alert.capsule?.state].join("|");
}

/** @param {Alert} alert one time that an incident came */
function repeat(alert) {
  return el("li", {}, el(
    "button",
    { class: "incident-repeat", type: "button", title: explain(alert), dataset: { alert: alert.id, severity: alert.severity } },
    icon(severitySign(alert.severity)),
    el("time", {}, clockTime(alert.raised_at, { seconds: true })),
    el("span", { class: "grow", dir: "auto" }, isOfRoom(alert) ? alert.name : kindLabel(alert.kind)),
    channelOf(alert),
    lengthOf(alert),
    alert.verdict !== "new" && verdictOf(alert),
  ));
}

/** @param {Alert} alert */
function lengthOf({ started_at: start, ended_at: end }) {
  if (end === null) return el("span", { class: "alert-now" }, t("going on"));
  return end - start >= 1000 && el("span", {}, lasting(end - start)); // a phrase is heard in a moment
}

/** @param {Alert} alert */
function channelOf({ channel }) {
  if (!channel || channel === WEBCAM) return null;
  return el("span", {}, icon(roleSign(channel)), ` ${channelLabel(channel)}`);
}

/** @param {Alert} alert */
function verdictOf({ verdict, handled_by: by }) {
  const sign = verdict === "dismissed" ? "x-lg" : "check-lg";
  return el("span", { class: "alert-verdict" }, icon(sign), ` ${verdictLabel(verdict)}`, by && ` · ${by}`);
}

/** The address of a picture that a list shows small: nobody opened it, and the log of who looked is told so. @param {string} address */
export function listed(address) {
  return `${address}?in=list`;
}
