// One alert in full: its picture, what was seen in words and numbers, what it means, and the verdict on its incident.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { explain } from "./alert_filter.js";
import { quietWords, recordWords } from "../alerts/feedback.js";
import { WEBCAM } from "../grid/picture_feed.js";
import { incidentOf } from "./incidents.js";
import { drawMarks, marksOf, namesOf } from "../grid/marks.js";
import { channelLabel } from "../large/phone_labels.js";
import { IncidentWords } from "../decisions/incident_words.js";
import { capsuleParts } from "../player/capsule_words.js";
import { lasting } from "../room/times.js";
import { kindLabel, kindMeaning, severityLabel, severitySign, verdictLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {object} Acts
 * @property {(incident: string, verdict: string | null, note?: string) => void} review
 * @property {(incident: string, step: number) => import("./incidents.js").Incident | null} beside the incident before or after in the list
 * @property {(participant: string) => void} student opens the large view
 * @property {(incident: import("./incidents.js").Incident) => void} shown the teacher opened one
 * @property {(kind: string, quiet: boolean) => void} mute
 * @property {(alert: Alert) => void} play the seconds around it
 */

export class AlertDetail {
  /**
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {Acts} acts
   */
  constructor(live, acts) {
    this.live = live;
    this.acts = acts;
    this.dialog = find("#alert", HTMLDialogElement);
    this.title = find("#alert-title", HTMLElement, this.dialog);
    this.picture = find("#alert-picture", HTMLElement, this.dialog);
    this.facts = find("#alert-facts", HTMLElement, this.dialog);
    this.text = find("#alert-text", HTMLElement, this.dialog);
    this.meaning = find("#alert-meaning", HTMLElement, this.dialog);
    this.place = find("#alert-incident", HTMLElement, this.dialog);
    this.words = new IncidentWords(this.dialog, live);
    this.record = find("#alert-record", HTMLElement, this.dialog);
    this.quiet = find("#alert-quiet", HTMLButtonElement, this.dialog);
    this.note = find("#alert-note", HTMLTextAreaElement, this.dialog);
    /** @type {string | null} */
    this.id = null;
    /** The note as the server was last told it: leaving the field, a verdict and closing all keep it, once. */
    this.kept = "";
    this.shownEvidence = "";
    this.bind();
    for (const what of ["alerts", "kinds"]) live.addEventListener(what, () => this.dialog.open && this.show());
  }

  bind() {
    const on = (/** @type {string} */ selector, /** @type {() => void} */ run) =>
      find(selector, HTMLButtonElement, this.dialog).addEventListener("click", run);
    on("#alert-acknowledge", () => this.judge("acknowledged"));
    on("#alert-dismiss", () => this.judge("dismissed"));
    on("#alert-back", () => this.judge("new"));
    on("#alert-previous", () => this.step(-1));
    on("#alert-next", () => this.step(1));
    on("#alert-student-open", () => {
      const participant = this.alert()?.participant;
      this.dialog.close();
      if (participant) this.acts.student(participant);
    });
    on("#alert-quiet", () => {
      const kind = this.alert()?.kind ?? "";
      this.acts.mute(kind, !this.live.kinds[kind]?.quiet);
    });
    this.dialog.addEventListener("close", () => this.keepNote());
    this.note.addEventListener("change", () => this.keepNote());
  }

  /** @returns {Alert | undefined} */
  alert() {
    return this.live.alerts.get(this.id ?? "");
  }

  incident() {
    const alert = this.alert();
    return alert ? this.live.incident(incidentOf(alert)) : null;
  }

  /**
   * @param {string} id
   * @param {boolean} [writing] go straight to the note
   */
  open(id, writing = false) {
    this.id = id;
    const incident = this.incident();
    if (!incident) return;
    this.note.value = this.kept = incident.alerts.find((alert) => alert.note)?.note ?? "";
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
    this.acts.shown(incident);
    if (writing) this.note.focus();
  }

  show() {
    const alert = this.alert();
    const incident = this.incident();
    if (!alert || !incident) return;
    this.dialog.dataset.severity = alert.severity;
    this.dialog.dataset.verdict = incident.verdict;
    this.title.replaceChildren(icon(severitySign(alert.severity)), ` ${kindLabel(alert.kind)} · `, el("bdi", {}, alert.name));
    this.showEvidence(alert);
    this.text.textContent = explain(alert);
    this.meaning.textContent = kindMeaning(alert.kind);
    this.showRecord(alert.kind);
    this.showPlace(alert, incident);
    this.words.show(incident);
    this.facts.replaceChildren(...facts(alert).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  /** Which of several alerts this is. @param {Alert} alert @param {import("./incidents.js").Incident} incident */
  showPlace(alert, { alerts }) {
    const count = alerts.length;
    this.place.hidden = count < 2;
    const number = count - alerts.findIndex((one) => one.id === alert.id);
    this.place.textContent = t("Alert %(number)d of %(count)d of this incident (← and → show the others). The verdict is for all of them.", { number, count });
  }

  /** What is kept may come after the alert; what is there stays, as a sound may be playing. @param {Alert} alert */
  showEvidence(alert) {
    const kept = [alert.id, alert.evidence, alert.sound, alert.words, alert.capsule?.state].join(" ");
    if (kept === this.shownEvidence) return;
    this.shownEvidence = kept;
    this.picture.replaceChildren(evidence(alert), ...capsuleParts(alert, this.acts.play), ...hearing(alert));
  }

  /** @param {string} kind */
  showRecord(kind) {
    const record = this.live.kinds[kind];
    this.record.textContent = record?.quiet ? `${recordWords(record)} ${quietWords(record)}` : recordWords(record);
    this.quiet.hidden = !record;
    const label = record?.quiet ? t("Unmute this kind of alert") : t("Mute this kind of alert");
    this.quiet.replaceChildren(icon(record?.quiet ? "bell" : "bell-slash"), ` ${label}`);
  }

  /** @param {string} verdict */
  judge(verdict) {
    const incident = this.incident();
    if (!incident) return;
    const next = verdict === "new" ? null : (this.acts.beside(incident.id, 1) ?? this.acts.beside(incident.id, -1));
    const note = this.note.value.trim();
    this.acts.review(incident.id, verdict, note === this.kept ? undefined : note);
    this.kept = note;
    if (verdict === "new") return;
    if (next) this.open(next.lead.id);
    else this.dialog.close();
  }

  keepNote() {
    const incident = this.incident();
    const note = this.note.value.trim();
    if (!incident || note === this.kept) return;
    this.kept = note;
    this.acts.review(incident.id, null, note);
  }

  /** Go to another incident. @param {number} step */
  step(step) {
    const incident = this.incident();
    const next = incident && this.acts.beside(incident.id, step);
    this.keepNote();
    if (next) this.open(next.lead.id);
  }

  /** Go to another alert of this incident, in the order of time. @param {number} step */
  turn(step) {
    const alerts = this.incident()?.alerts ?? [];
    const next = alerts[alerts.findIndex((alert) => alert.id === this.id) - step];
    this.keepNote();
    if (next) this.open(next.id);
  }
}

/** @param {Alert} alert */
function evidence(alert) {
  if (!alert.evidence) return el("p", { class: "alert-no-picture" }, icon("image"), ` ${t("There is no picture of this alert.")}`);
  const marks = marksOf(alert);
  const alt = t("The picture that raised the alert, %(name)s", { name: alert.name });
  const image = el("img", { src: opened(alert.evidence, Date.now()), alt: marks.length ? `${alt}: ${namesOf(marks)}` : alt });
  if (marks.length) image.addEventListener("load", () => image.after(drawMarks(image, marks)), { once: true });
  image.addEventListener("error", () => {
    image.replaceWith(el("p", { class: "alert-no-picture" }, icon("image"), ` ${t("The picture could not be loaded.")}`));
  });
  return image;
}

/**
 * The address of a picture that is opened now: a page shows an address that it knows again without asking the server,
 * whose log is to say who looked, each time.
 * @param {string} address
 * @param {number} now
 */
export function opened(address, now) {
  return `${address}?opened=${now}`;
}

/**
 * The sound and the words that the room keeps with an alert; both are fetched when the teacher asks, which the log keeps.
 * @param {Alert} alert
 * @returns {HTMLElement[]}
 */
function hearing(alert) {
  const parts = [];
  if (alert.sound) {
    parts.push(el("audio", { controls: "", preload: "none", src: alert.sound, class: "alert-sound", "aria-label": t("The sound around the alert") }));
  }
  if (alert.words) {
    const address = alert.words;
    const understood = el("p", { class: "alert-understood" });
    const button = el("button", { type: "button", class: "btn btn-sm btn-quiet" }, icon("chat-left-text"), ` ${t("Read what was understood")}`);
    button.addEventListener("click", () => void readWords(address, understood));
    parts.push(button, understood);
  }
  return parts;
}

/** @param {string} address @param {HTMLElement} place */
async function readWords(address, place) {
  try {
    const answer = await fetch(address);
    const text = answer.ok ? (await answer.text()).trim() : "";
    place.textContent = answer.ok ? text || t("No words were understood.") : t("The words could not be loaded.");
  } catch {
    place.textContent = t("The words could not be loaded.");
  }
}

/**
 * @param {Alert} alert
 * @returns {[string, string][]}
 */
function facts(alert) {
  const lines = [
    [t("Severity"), severityLabel(alert.severity)],
    ...(alert.channel && alert.channel !== WEBCAM ? [[t("Noticed by"), channelLabel(alert.channel)]] : []),
    [t("Began"), clockTime(alert.started_at, { seconds: true })],
    [t("Raised"), clockTime(alert.raised_at, { seconds: true })],
    [t("Lasted"), alert.ended_at === null ? t("still going on") : lasting(alert.ended_at - alert.started_at)],
    [t("Verdict"), verdictLabel(alert.verdict) + (alert.handled_by && alert.verdict !== "new" ? ` · ${alert.handled_by}` : "")],
  ];
  return /** @type {[string, string][]} */ (lines);
}
