// One student large, at the higher rate, with alerts and details; takes the place of the grid.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { ask } from "../room/confirm.js";
import { explain } from "../incidents/alert_filter.js";
import { WEBCAM } from "../grid/picture_feed.js";
import { LargePhones } from "./large_phones.js";
import { LargeRules } from "./large_rules.js";
import { LargeScores } from "./large_scores.js";
import { LargeTabs } from "./large_tabs.js";
import { PictureSwap } from "./picture_swap.js";
import { LargeSenses } from "./large_sensor_levels.js";
import { identityWords, referenceLabel } from "./score_labels.js";
import { lasting } from "../room/times.js";
import { tileState } from "../grid/tile_state.js";
import { cameraLabel, kindLabel, pictureLabel, participantLabel, severitySign, verdictLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {object} Acts
 * @property {(id: string | null) => void} focus
 * @property {(id: string, step: number) => string | null} beside
 * @property {(id: string) => void} alert
 * @property {(id: string) => void} chat
 * @property {(id: string) => void} remove
 * @property {(participant: Participant) => void} adjust
 * @property {(participant: Participant, file: File) => void} photo
 * @property {(id: string) => void} closed
 * @property {(id: string) => number} looked for how long this teacher has looked closely at a student, seconds
 * @property {(id: string) => string | null} listens the channel of a student that this teacher listens to
 * @property {(id: string, channel: string, on: boolean) => void} listen
 * @property {boolean} mayListen
 * @property {(id: string) => Promise<import("./large_rules.js").Applied>} rules what applies to a student
 */

const MOST_ALERTS = 30;

export class LargeView {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {Acts} acts
   * @param {import("../alerts/suspicion.js").Weights} [weights]
   */
  constructor(root, live, batch, acts, weights) {
    this.root = root;
    this.live = live;
    this.acts = acts;
    this.view = find("#large", HTMLElement, root);
    this.name = find("#large-name", HTMLElement, root);
    this.state = find("#large-state", HTMLElement, root);
    this.canvas = find("#large-picture", HTMLCanvasElement, root);
    this.details = find("#large-details", HTMLElement, root);
    this.alerts = find("#large-alerts", HTMLElement, root);
    this.noAlerts = find("#large-no-alerts", HTMLElement, root);
    this.file = find("#large-photo-file", HTMLInputElement, root);
    this.scores = new LargeScores(this.view, live, weights);
    this.phones = new LargePhones(this.view);
    this.swap = new PictureSwap(this.view);
    this.tabs = new LargeTabs(this.view);
    this.rules = new LargeRules(this.view, acts.rules);
    this.senses = new LargeSenses(this.view, live, acts);
    /** @type {string | null} */
    this.id = null;
    /** @type {number | null} */
    this.takenAt = null;
    this.since = 0;
    this.alertsShown = "";
    this.draw = () => this.show();
    this.bind();
    for (const what of ["participants", "alerts", "scores", "senses"]) live.addEventListener(what, () => this.id && batch.ask(this.draw));
    for (const what of ["kinds", "room"]) live.addEventListener(what, () => this.id && void this.rules.again());
    setInterval(() => this.id && batch.ask(this.draw), 1000);
  }

  bind() {
    const on = (/** @type {string} */ selector, /** @type {(id: string) => void} */ run) =>
      find(selector, HTMLButtonElement, this.view).addEventListener("click", () => this.id && run(this.id));
    on("#large-close", () => this.close());
    on("#large-previous", () => this.step(-1));
    on("#large-next", () => this.step(1));
    on("#large-chat", (id) => this.acts.chat(id));
    on("#large-remove", () => this.askToRemove());
    on("#large-adjust", (id) => {
      const participant = this.live.participants.get(id);
      if (participant) this.acts.adjust(participant);
    });
    on("#large-photo", () => this.file.click());
    this.file.addEventListener("change", () => {
      const [participant, file] = [this.live.participants.get(this.id ?? ""), this.file.files?.[0]];
      if (participant && file) this.acts.photo(participant, file);
      this.file.value = "";
    });
    this.alerts.addEventListener("click", (event) => {
      const line = event.target instanceof Element ? event.target.closest("[data-id]") : null;
      if (line instanceof HTMLElement && line.dataset.id) this.acts.alert(line.dataset.id);
    });
  }

  /** @param {string} id */
  open(id) {
    this.id = id;
    this.takenAt = null;
    this.since = performance.now();
    this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.phones.clear();
    this.swap.show(WEBCAM);
    this.root.dataset.large = "yes";
    this.view.hidden = false;
    this.show();
    this.acts.focus(id);
    this.live.tell("opened");
    this.name.focus();
  }

  close() {
    const id = this.id;
    if (!id) return;
    this.id = null;
    this.root.dataset.large = "no";
    this.view.hidden = true;
    this.acts.focus(null);
    this.acts.closed(id);
  }

  /** @param {number} step */
  step(step) {
    const next = this.id && this.acts.beside(this.id, step);
    if (next) this.open(next);
  }

  /** @param {import("../grid/picture_feed.js").Picture} picture */
  paint(picture) {
    const { id, channel, bitmap, takenAt } = picture;
    if (id !== this.id) return;
    if (channel !== WEBCAM) return this.phones.paint(picture);
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    this.takenAt = takenAt;
  }

  show() {
    const participant = this.live.participants.get(this.id ?? "");
    if (!participant) return this.close();
    const now = performance.now();
    const age = this.takenAt === null ? null : now - this.takenAt;
    const state = tileState(participant, age, now - this.since);
    if (this.name.textContent !== participant.name) this.name.textContent = participant.name;
    this.state.replaceChildren(icon(state.sign), ` ${state.label}`);
    this.view.dataset.state = state.name;
    const facts = [...details(participant), [t("Looked at"), lasting(1000 * this.acts.looked(participant.id))]];
    this.details.replaceChildren(...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    this.scores.show(participant.id);
    this.rules.show(participant);
    this.phones.show(participant.phones ?? [], now);
    this.swap.refresh();
    this.senses.show(participant);
    this.showAlerts([...this.live.alertsOf(participant.id)].sort((a, b) => b.raised_at - a.raised_at));
  }

  /** @param {Alert[]} alerts newest first */
  showAlerts(alerts) {
    const text = JSON.stringify(alerts.map((one) => [one.id, one.ended_at, one.verdict]));
    if (text === this.alertsShown) return;
    this.alertsShown = text;
    this.noAlerts.hidden = alerts.length > 0;
    this.alerts.replaceChildren(...alerts.slice(0, MOST_ALERTS).map((alert) => line(alert)));
  }

  async askToRemove() {
    const participant = this.live.participants.get(this.id ?? "");
    if (!participant) return;
    const yes = await ask({
      title: t("Remove %(name)s?", { name: participant.name }),
      text: t("This student leaves the exam at once and cannot come back to the same place. You may want to write a message first."),
      action: t("Remove"),
    });
    if (yes) this.acts.remove(participant.id);
  }
}

/** @param {Alert} alert */
function line(alert) {
  const state = alert.ended_at === null ? t("going on") : verdictLabel(alert.verdict);
  const signs = new Map([["acknowledged", "check-lg"], ["dismissed", "x-lg"]]);
  return el("li", {}, el("button", { type: "button", class: "large-alert", dataset: { id: alert.id, severity: alert.severity }, title: explain(alert) },
    icon(severitySign(alert.severity)), el("span", { class: "grow" }, kindLabel(alert.kind)), el("span", { class: "soft", title: state }, icon(alert.ended_at === null ? "record-fill" : (signs.get(alert.verdict) ?? "flag")), el("span", { class: "visually-hidden" }, state)), el("time", { class: "soft" }, clockTime(alert.raised_at))));
}

/**
 * @param {Participant} participant
 * @returns {[string, string][]}
 */
function details(participant) {
  const { state, online, camera, page, picture, faces, adjusted, joined_at } = participant;
  const pages = new Map([["hidden", t("Hidden")], ["blurred", t("Visible, another window is in front")]]);
  return [
    [t("State"), participantLabel(state)],
    [t("Connection"), online ? t("Online") : t("Offline")],
    [t("Camera"), camera === "on" ? t("On") : cameraLabel(camera)],
    [t("Picture"), pictureLabel(picture) || (picture === "ok" ? t("Clear") : t("Not checked yet"))],
    [t("Faces"), faces === null ? "–" : String(faces)],
    [t("Identity"), identityWords(participant)],
    [t("Compared with"), referenceLabel(participant.reference)],
    [t("Adjusted"), adjusted ? t("Yes") : t("No")],
    [t("Page"), pages.get(page) ?? t("Visible")],
    [t("Joined"), clockTime(joined_at)],
  ];
}
