// One student in the grid: picture, name, state, alert, chat badge; touches the page only where something changed.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { NOTHING, TileSenses } from "./tile_sensor_levels.js";
import { TileSigns } from "./tile_signs.js";
import { STALE_AFTER_MS, isStale, tileAlert, tileState } from "./tile_state.js";
import { ago } from "../room/times.js";
import { kindLabel, kindSign, severityLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../room/types.js").Alert} Alert
 */

export class Tile {
  /** @param {Participant} participant */
  constructor(participant) {
    this.participant = participant;
    /** The name as it fits. @type {import("../seats/short_names.js").Lines} */
    this.label = [participant.name, ""];
    /** @type {readonly Alert[]} */
    this.alerts = [];
    /** @type {import("../large/score_log.js").Score} */
    this.score = { score: null, label: null, suspicion: 0 };
    /** @type {import("./tile_sensor_levels.js").SensorLevels} */
    this.sensed = NOTHING;
    this.chats = 0;
    /** How old its picture may be, ms. */
    this.patience = STALE_AFTER_MS;
    /** What it shows while no alert goes on. @type {Alert | null} */
    this.lead = null;
    /** @type {number | null} */
    this.takenAt = null;
    /** @type {number | null} */
    this.watchedSince = null;
    /** @type {Record<string, string>} */
    this.shown = {};
    this.canvas = el("canvas", { width: 320, height: 240, "aria-hidden": "true" });
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.age = el("span", { class: "tile-age" });
    this.mark = el("span", { class: "tile-mark" });
    this.name = el("span", { class: "tile-name", dir: "auto" });
    this.state = el("span", { class: "tile-state" });
    this.unread = el("span", { class: "tile-unread" });
    this.chat = el("span", { class: "tile-chat" });
    this.signs = new TileSigns();
    this.senses = new TileSenses();
    this.words = el("span", { class: "visually-hidden" });
    this.seat = el("span", { class: "tile-seat", "aria-hidden": "true" });
    this.button = el(
      "button",
      { class: "tile", type: "button", tabindex: "-1", dataset: { id: participant.id } },
      this.words, // all that the signs say, in words that can be spoken
      el("span", { class: "tile-picture", "aria-hidden": "true" }, this.canvas),
      el("span", { class: "tile-head", "aria-hidden": "true" }, this.mark, this.unread, this.chat, this.signs.hand, this.signs.identity, this.senses.phones),
      el(
        "span",
        { class: "tile-foot", "aria-hidden": "true" },
        el("span", { class: "tile-pills" }, this.state, this.age, this.signs.attention, this.senses.place),
        this.name,
      ),
      this.seat,
    );
    this.place = el("li", { class: "tile-place", draggable: "true" }, this.button);
  }

  /** @param {import("./picture_feed.js").Picture} picture */
  paint({ bitmap, takenAt }) {
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.pen?.drawImage(bitmap, 0, 0);
    const first = this.takenAt === null;
    this.takenAt = takenAt;
    if (first || this.shown.state !== "live") this.refresh(performance.now());
  }

  /** @param {string} column the letter that leads here */
  showLabel(column) {
    this.put("name", this.label.join("\n").trim(), (text) => (this.name.textContent = text));
    this.put("column", column, (text) => (this.seat.textContent = text));
  }

  /** @param {boolean} watched whether its pictures are asked for from now on */
  setWatched(watched) {
    this.watchedSince = watched ? performance.now() : null;
  }

  /**
   * Show everything as it is now.
   * @param {number} now on the clock of `performance.now()`
   */
  refresh(now) {
    const age = this.takenAt === null ? null : now - this.takenAt;
    const watched = this.watchedSince === null ? 0 : now - this.watchedSince;
    const state = tileState(this.participant, age, watched, this.patience);
    const stale = state.name === "stale" || state.name === "offline" || isStale(age, watched, this.patience);
    this.put("picture", age === null ? "none" : "shown", (text) => (this.button.dataset.picture = text));
    this.put("state", state.name, (text) => (this.button.dataset.state = text));
    this.put("label", `${state.sign}|${state.label}`, () => showState(this.state, state));
    this.put("stale", String(stale), (text) => (this.button.dataset.stale = text));
    this.put("age", stale ? (age === null ? state.label : ago(age)) : "", (text) => (this.age.textContent = text));
    this.showAlert();
    this.put("signs", this.signs.key(this.participant, this.score, state.name), () => {
      this.signs.show(this.participant, this.score, state.name);
    });
    this.put("senses", this.senses.key(this.participant, this.sensed), () => {
      this.senses.show(this.participant, this.sensed, Date.now());
    });
    this.put("chats", this.chats > 0 ? String(this.chats) : "", (text) => showChats(this.chat, text));
    this.put("spoken", this.spoken(stateInWords(state)), (text) => {
      this.words.textContent = text;
    });
  }

  showAlert() {
    const { alert: open, unread } = tileAlert(this.alerts);
    const alert = open ?? this.lead;
    this.put("alert", alert ? `${alert.severity}|${alert.kind}` : "", () => {
      this.button.dataset.alert = alert?.severity ?? "";
      this.mark.replaceChildren(...(alert ? [icon(kindSign(alert.kind)), el("span", { class: "mark-words" }, kindLabel(alert.kind))] : []));
    });
    this.put("unread", unread > 0 ? String(unread) : "", (text) => {
      this.unread.replaceChildren(...(text ? [icon("flag-fill"), text] : []));
      this.unread.title = text && t("%(count)s alerts to review", { count: text });
    });
  }

  /**
   * What a screen reader says.
   * @param {string} state
   */
  spoken(state) {
    const { alert, unread } = tileAlert(this.alerts);
    const parts = [this.participant.name, state, ...this.signs.spoken(this.participant, this.score), ...this.senses.spoken(this.participant, this.sensed)];
    if (alert) parts.push(`${severityLabel(alert.severity)}: ${kindLabel(alert.kind)}`);
    if (unread > 0) parts.push(t("%(count)s alerts to review", { count: unread }));
    if (this.chats > 0) parts.push(t("%(count)s unread messages", { count: this.chats }));
    return parts.join(", ");
  }

  /**
   * @param {string} what
   * @param {string} value
   * @param {(value: string) => void} write
   */
  put(what, value, write) {
    if (this.shown[what] === value) return;
    this.shown[what] = value;
    write(value);
  }
}

/**
 * The state as a sentence of its own, for those who do not see the sign; without ages, which would be spoken each second.
 * @param {import("./tile_state.js").TileState} state
 */
function stateInWords({ name, label }) {
  if (name === "stale") return t("Picture is old");
  if (name === "blind") return t("Cannot see: %(why)s", { why: label });
  return label;
}

/**
 * @param {HTMLElement} place
 * @param {import("./tile_state.js").TileState} state
 */
function showState(place, state) {
  place.replaceChildren(icon(state.sign), el("span", { class: "tile-words" }, state.label));
  place.title = stateInWords(state);
}

/**
 * @param {HTMLElement} place
 * @param {string} count
 */
function showChats(place, count) {
  place.replaceChildren(...(count ? [icon("chat-dots-fill"), ` ${count}`] : []));
}
