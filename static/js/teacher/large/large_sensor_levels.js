// In the large view: how the arm moved, how loud it is and where, listening to it, and the surroundings.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { channelLabel, conditionLines, familyLabel } from "./phone_labels.js";
import { KEPT_MS, linesOf } from "./score_log.js";
import { isSpeech, loudness } from "./sensor_log.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("./sensor_log.js").Sound} Sound
 */

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 240, height: 48 };
const HALF = 50; // of 100: a line to read the height by

export class LargeSenses {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {{listens: (id: string) => string | null, listen: (id: string, channel: string, on: boolean) => void, mayListen: boolean}} acts
   */
  constructor(root, live, acts) {
    this.live = live;
    this.acts = acts;
    this.armPart = find("#large-arm-part", HTMLElement, root);
    this.armNow = find("#large-arm", HTMLElement, root);
    this.armPast = find("#large-arm-past", SVGElement, root);
    this.soundPart = find("#large-sound-part", HTMLElement, root);
    this.sounds = find("#large-sounds", HTMLElement, root);
    this.conditionPart = find("#large-condition-part", HTMLElement, root);
    this.conditions = find("#large-conditions", HTMLElement, root);
    this.path = document.createElementNS(SVG, "path");
    const middle = document.createElementNS(SVG, "line");
    for (const [name, value] of Object.entries({ x1: 0, x2: SIZE.width, y1: SIZE.height * (1 - HALF / 100), y2: SIZE.height * (1 - HALF / 100) })) {
      middle.setAttribute(name, String(value));
    }
    this.armPast.append(middle, this.path);
    this.armPast.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
    /** @type {Map<string, HTMLElement>} rows by channel, kept so that a button does not slip away under a finger */
    this.rows = new Map();
    this.id = "";
  }

  /** @param {Participant} participant */
  show(participant) {
    if (this.id !== participant.id) {
      this.id = participant.id;
      this.rows.clear();
      this.sounds.replaceChildren();
    }
    this.#showArm(participant);
    this.#showSounds(participant);
    const lines = conditionLines(participant);
    this.conditionPart.hidden = lines.length === 0;
    const text = lines.flat().join();
    if (this.conditions.dataset.shown !== text) {
      this.conditions.dataset.shown = text;
      this.conditions.replaceChildren(...lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    }
  }

  /** @param {Participant} participant */
  #showArm({ id, phones = [] }) {
    const arm = this.live.senses.armOf(id);
    this.armPart.hidden = arm === null && !phones.some(({ role }) => role === "arm");
    if (this.armPart.hidden) return;
    const what = arm?.explained ? t("%(family)s, explained by typing", { family: familyLabel(arm.family) }) : familyLabel(arm?.family ?? null);
    put(this.armNow, arm ? `${arm.level} · ${what}` : t("Not known"));
    const lines = linesOf(this.live.senses.past.pastOf(id), Date.now(), SIZE);
    this.path.setAttribute("d", lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`).join(""));
    this.armPast.setAttribute("aria-label", t("Arm level over the last %(minutes)d minutes", { minutes: KEPT_MS / 60_000 }));
  }

  /** @param {Participant} participant */
  #showSounds(participant) {
    const sounds = new Map(this.live.senses.soundsOf(participant.id, Date.now()).map((sound) => [sound.channel, sound]));
    const channels = listeningPosts(participant, [...sounds.keys()]);
    this.soundPart.hidden = channels.length === 0;
    for (const [channel, row] of this.rows) {
      if (channels.includes(channel)) continue;
      row.remove();
      this.rows.delete(channel);
    }
    for (const channel of channels) {
      const row = this.rows.get(channel) ?? this.#add(channel);
      this.#fill(row, channel, sounds.get(channel) ?? null);
    }
  }

  /** @param {string} channel */
  #add(channel) {
    const name = el("span", { class: "sound-name", id: `sound-name-${channel}` }, channelLabel(channel));
    const button = el("button", { type: "button", class: "btn btn-sm btn-quiet", hidden: !this.acts.mayListen, "aria-describedby": name.id });
    button.addEventListener("click", () => this.acts.listen(this.id, channel, this.acts.listens(this.id) !== channel));
    const row = el("li", { dataset: { channel } }, name, el("span", { class: "sound-bar", role: "img" }, el("span", {})), el("span", { class: "sound-words soft small" }), button);
    this.rows.set(channel, row);
    this.sounds.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {string} channel @param {Sound | null} sound */
  #fill(row, channel, sound) {
    const bar = find(".sound-bar", HTMLElement, row);
    const words = soundWords(sound);
    bar.style.setProperty("--score", `${sound ? Math.round(100 * loudness(sound)) : 0}%`);
    if (bar.getAttribute("aria-label") !== words) bar.setAttribute("aria-label", words);
    row.dataset.speech = String(sound !== null && isSpeech(sound));
    put(find(".sound-words", HTMLElement, row), words);
    const button = find("button", HTMLButtonElement, row);
    const isOn = this.acts.listens(this.id) === channel;
    if (button.dataset.on === String(isOn)) return;
    button.dataset.on = String(isOn);
    button.setAttribute("aria-pressed", String(isOn));
    button.replaceChildren(icon(isOn ? "stop-circle" : "headphones"), ` ${isOn ? t("Stop listening") : t("Listen")}`);
  }
}

/**
 * The channels whose sound can be shown or listened to.
 * @param {Participant} participant @param {string[]} heard channels that were heard lately
 */
export function listeningPosts({ microphone, phones = [] }, heard) {
  const posts = phones.filter(({ state, microphone: own }) => state === "connected" && own === "on").map(({ role }) => role);
  if (microphone === "on") posts.unshift("webcam");
  return [...new Set([...posts, ...heard])];
}

/** @param {Sound | null} sound */
function soundWords(sound) {
  if (sound === null) return t("quiet");
  const above = Math.max(0, Math.round(sound.level - sound.floor));
  return isSpeech(sound) ? t("speech, %(above)d dB above the room", { above }) : t("%(above)d dB above the room", { above });
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
