// Shows on a phone what its sensors do and what is missing; says nothing twice to a screen reader.

import { el, find, icon } from "../shared/dom.js";
import { N_, t } from "../shared/i18n.js";
import { isStarting, lacksOf } from "./mending.js";

/** @typedef {import("./mending.js").Facts} Facts */
/** @typedef {import("./mending.js").Lack} Lack */

const SIGNS = { good: "check-circle-fill", bad: "exclamation-triangle-fill", busy: "hourglass-split" };
const VERDICTS = {
  good: { title: N_("Everything works"), text: N_("Put the phone in its place and go back to your computer.") },
  bad: { title: N_("Something is missing"), text: N_("See below how to fix it.") },
  busy: { title: N_("One moment"), text: N_("The sensors are starting.") },
};
const PLACES = /** @type {Record<string, string>} */ ({
  known: N_("Known"),
  denied: N_("Not allowed; it counts as unknown"),
  unknown: N_("Not known yet"),
});
const AWAKE = { kept: N_("Stays on"), lost: N_("About to lock"), unsupported: N_("May lock by itself") };
const QUIETEST_SHOWN = -80; // dBFS at the left end of the bar

export class LiveView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.shown = "";
    this.motion = find("#motion-meter", HTMLMeterElement, root);
    this.sound = find("#sound-meter", HTMLMeterElement, root);
  }

  /** Which parts there are at all. @param {import("./mending.js").Needs} needs */
  need({ camera, motion, microphone, place }) {
    const parts = { "#camera-part": camera, "#camera-row": camera, "#motion-part": motion, "#sound-part": microphone, "#place-part": place };
    for (const [part, isNeeded] of Object.entries(parts)) find(part, HTMLElement, this.root).hidden = !isNeeded;
  }

  /** @param {Facts} facts @returns {boolean} whether all is well */
  show(facts) {
    const lacks = lacksOf(facts);
    const isBad = lacks.some(({ weight }) => weight === "bad");
    const mark = isBad ? "bad" : isStarting(facts) ? "busy" : "good";
    const key = JSON.stringify([mark, lacks]);
    if (key !== this.shown) {
      this.shown = key;
      this.#verdict(mark);
      find("#missing", HTMLElement, this.root).replaceChildren(...lacks.map(lackLine));
      const canRetry = lacks.some(({ name }) => name === "camera" || name === "motion" || name === "microphone");
      find("#retry", HTMLElement, this.root).hidden = !canRetry;
    }
    this.root.dataset.camera = facts.camera;
    this.#fact("#battery-fact", batteryWords(facts));
    this.#fact("#awake-fact", t(AWAKE[facts.awake]));
    this.#fact("#place-fact", t(PLACES[facts.place] ?? PLACES.unknown));
    return mark === "good";
  }

  /** @param {number} activity 0 to 1 */
  moved(activity) {
    this.motion.value = Math.round(activity * 100);
  }

  /** @param {number} level dBFS */
  heard(level) {
    this.sound.value = Math.max(0, Math.round((1 - level / QUIETEST_SHOWN) * 100));
  }

  /** @param {keyof typeof VERDICTS} mark */
  #verdict(mark) {
    const box = find("#verdict", HTMLElement, this.root);
    box.dataset.mark = mark;
    find(".sign", HTMLElement, box).replaceChildren(icon(SIGNS[mark]));
    find("h1", HTMLElement, box).textContent = t(VERDICTS[mark].title);
    find("p", HTMLElement, box).textContent = t(VERDICTS[mark].text);
  }

  /** @param {string} place @param {string} text */
  #fact(place, text) {
    const fact = find(place, HTMLElement, this.root);
    if (fact.textContent !== text) fact.textContent = text;
  }
}

/** @param {Lack} lack */
function lackLine({ weight, title, help }) {
  const sentences = help.map((sentence) => el("li", {}, t(sentence)));
  const sign = icon(weight === "bad" ? "x-circle-fill" : "info-circle-fill");
  return el("li", { dataset: { weight } }, sign, el("div", {}, el("h2", {}, t(title)), el("ul", { class: "mend" }, ...sentences)));
}

/** @param {Facts} facts */
function batteryWords({ battery, charging }) {
  if (battery === null) return t("Your browser does not say");
  const percent = t("%(percent)d %%", { percent: Math.round(battery * 100) });
  return charging ? `${percent}, ${t("charging")}` : percent;
}
