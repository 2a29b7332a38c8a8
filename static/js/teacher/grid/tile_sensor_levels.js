// In a tile: the phones of the student as signs, the arm's last minutes as a line, and how loud it is.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { channelLabel, familyLabel, healthWords, phoneTone, phoneWords, roleSign } from "../large/phone_labels.js";
import { linesOf } from "../large/score_log.js";
import { isSpeech, loudness } from "../large/sensor_log.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {object} SensorLevels what is known of a student's movement and sound
 * @property {import("../large/sensor_log.js").Arm | null} arm
 * @property {readonly import("../large/score_log.js").Point[]} armPast
 * @property {import("../large/sensor_log.js").Sound | null} sound
 */

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 48, height: 14, ms: 2 * 60_000 };

/** @type {SensorLevels} */
export const NOTHING = { arm: null, armPast: [], sound: null };

export class TileSenses {
  constructor() {
    this.phones = el("span", { class: "tile-phones" });
    this.path = document.createElementNS(SVG, "path");
    this.line = document.createElementNS(SVG, "svg");
    this.line.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
    this.line.setAttribute("preserveAspectRatio", "none");
    this.line.append(this.path);
    this.level = el("span", { class: "tile-arm-level" });
    this.arm = el("span", { class: "tile-arm", hidden: true }, icon("smartwatch"), this.line, this.level);
    this.bar = el("span", { class: "tile-sound-bar" }, el("span", {}));
    this.sign = el("span", {});
    this.sound = el("span", { class: "tile-sound", hidden: true }, this.sign, this.bar);
    this.place = el("span", { class: "tile-senses" }, this.arm, this.sound);
  }

  /**
   * What is shown, as text: where it stays the same there is nothing to do.
   * @param {Participant} participant @param {SensorLevels} senses
   */
  key({ phones = [], microphone, listened }, { arm, armPast, sound }) {
    const signs = phones.map((phone) => `${phone.role}${phoneTone(phone)}${phone.problems}${healthWords(phone)}`).join();
    const loud = sound ? `${Math.round(10 * loudness(sound))}${isSpeech(sound)}` : "";
    return `${signs}|${arm?.level}|${arm?.family}|${arm?.explained}|${armPast.at(-1)?.at}|${loud}|${microphone}|${listened}`;
  }

  /** @param {Participant} participant @param {SensorLevels} senses @param {number} now milliseconds since the epoch */
  show(participant, { arm, armPast, sound }, now) {
    this.phones.replaceChildren(...(participant.phones ?? []).map(phoneSign));
    this.arm.hidden = arm === null;
    if (arm) this.#showArm(arm, armPast, now);
    const isListened = participant.listened === true;
    this.sound.hidden = sound === null && !isListened && participant.microphone !== "denied";
    this.#showSound(sound, isListened, participant.microphone === "denied");
  }

  /** @param {Participant} participant @param {SensorLevels} senses @returns {string[]} */
  spoken({ phones = [], listened }, { arm, sound }) {
    const parts = phones.filter((phone) => phoneTone(phone) !== "good" && (phone.required || phone.state !== "missing"))
      .map((phone) => `${channelLabel(phone.role)}: ${phoneWords(phone)}`);
    if (arm && arm.level >= 50) parts.push(t("arm moves %(level)d of 100", { level: arm.level }));
    if (sound && isSpeech(sound)) parts.push(t("somebody speaks"));
    if (listened) parts.push(t("a teacher listens"));
    return parts;
  }

  /** @param {import("../large/sensor_log.js").Arm} arm @param {readonly import("../large/score_log.js").Point[]} past @param {number} now */
  #showArm({ level, family, explained }, past, now) {
    const lines = linesOf(past, now, SIZE);
    this.path.setAttribute("d", lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`).join(""));
    this.level.textContent = String(level);
    this.arm.dataset.level = level >= 50 ? "high" : "low";
    const what = explained ? t("%(family)s, explained by typing", { family: familyLabel(family) }) : familyLabel(family);
    this.arm.title = t("Arm %(level)d of 100: %(what)s", { level, what });
  }

  /** @param {import("../large/sensor_log.js").Sound | null} sound @param {boolean} listened @param {boolean} denied */
  #showSound(sound, listened, denied) {
    const speaks = sound !== null && isSpeech(sound);
    this.bar.hidden = sound === null;
    this.bar.style.setProperty("--score", `${sound ? Math.round(100 * loudness(sound)) : 0}%`);
    this.sound.dataset.speech = String(speaks);
    this.sound.dataset.calm = String(!speaks && !listened && !denied); // what has no reason is not on the tile
    this.sign.replaceChildren(icon(listened ? "headphones" : denied ? "mic-mute" : speaks ? "chat-quote-fill" : "mic"));
    this.sound.title = listened ? t("A teacher listens") : denied ? t("The microphone is not allowed") : speaks ? t("Somebody speaks") : t("Sound");
  }
}

/** @param {import("../room/types.js").Phone} phone */
function phoneSign(phone) {
  const health = healthWords(phone);
  const title = `${channelLabel(phone.role)}: ${phoneWords(phone)}${health ? ` (${health})` : ""}`;
  return el("span", { class: "tile-sign tile-phone", title, dataset: { tone: phoneTone(phone), required: String(phone.required) } }, icon(roleSign(phone.role)));
}
