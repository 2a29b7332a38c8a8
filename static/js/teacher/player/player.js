// Plays the pictures around an alert: its camera beside the phones, with scrubbing, speed, boxes, and gaps in words.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { marksOf } from "../grid/marks.js";
import { kindLabel } from "../room/labels.js";
import { unpacked } from "./capsule_zip.js";
import { gapWords, isPlayable, momentWords, playableOf, unseenWords } from "./capsule_words.js";
import { besides, reelOf } from "./reel.js";
import { Screen } from "./screen.js";

/** @typedef {import("../room/types.js").Alert} Alert */

const STEP = 100; // ms, of the slider

export class Player {
  /** @param {(address: string) => Promise<Response>} [get] */
  constructor(get = (address) => fetch(address, { cache: "no-store" })) {
    this.get = get;
    this.dialog = find("#player", HTMLDialogElement);
    this.title = find("#player-title", HTMLElement, this.dialog);
    this.state = find("#player-state", HTMLElement, this.dialog);
    this.parts = find("#player-parts", HTMLElement, this.dialog);
    this.stage = find("#player-stage", HTMLElement, this.dialog);
    this.button = find("#player-play", HTMLButtonElement, this.dialog);
    this.slider = find("#player-at", HTMLInputElement, this.dialog);
    this.time = find("#player-time", HTMLElement, this.dialog);
    this.speed = find("#player-speed", HTMLSelectElement, this.dialog);
    this.holes = find("#player-holes", HTMLElement, this.dialog);
    this.video = find("#player-video", HTMLAnchorElement, this.dialog);
    /** @type {import("./reel.js").Reel | null} */
    this.reel = null;
    /** @type {Screen[]} */
    this.screens = [];
    this.at = 0;
    this.isPlaying = false;
    this.turn = 0; // which opening this is: an answer that comes late belongs to an earlier one
    this.bind();
  }

  bind() {
    this.button.addEventListener("click", () => this.toggle());
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
    find("#player-back", HTMLButtonElement, this.dialog).addEventListener("click", () => this.step(-1));
    find("#player-on", HTMLButtonElement, this.dialog).addEventListener("click", () => this.step(1));
    this.dialog.addEventListener("close", () => this.close());
    this.dialog.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {import("../incidents/incidents.js").Incident | null} incident @returns {boolean} whether there is something to play */
  openIncident(incident) {
    const alert = incident && playableOf(incident);
    if (alert) void this.open(alert);
    return Boolean(alert);
  }

  /** @param {Alert} alert */
  async open(alert) {
    if (!isPlayable(alert)) return;
    const turn = (this.turn += 1);
    this.clear();
    this.title.replaceChildren(`${kindLabel(alert.kind)} · `, el("bdi", {}, alert.name));
    this.say(t("Loading…"));
    if (!this.dialog.open) this.dialog.showModal();
    try {
      const answer = await this.get(alert.capsule?.address ?? "");
      if (!answer.ok) throw new Error(String(answer.status));
      const files = unpacked(await answer.arrayBuffer());
      if (turn === this.turn && this.dialog.open) this.show(alert, files);
    } catch {
      if (turn === this.turn) this.say(t("The pictures could not be loaded."));
    }
  }

  /** @param {Alert} alert @param {Map<string, Uint8Array<ArrayBuffer>>} files */
  show(alert, files) {
    const manifest = JSON.parse(new TextDecoder().decode(files.get("manifest.json")));
    const reel = (this.reel = reelOf(manifest));
    this.screens = reel.tracks.map((track) => new Screen(track, reel, files, marksOf(alert)));
    this.stage.replaceChildren(...this.screens.map((screen) => screen.element));
    this.stage.dataset.count = String(this.screens.length);
    Object.assign(this.slider, { min: reel.begin, max: reel.end, step: STEP });
    this.holes.replaceChildren(...this.words(reel).map((words) => el("li", {}, words)));
    this.video.href = (alert.capsule?.address ?? "").replace(/\.zip$/u, ".webm");
    this.say("");
    this.parts.hidden = false;
    this.go(reel.begin);
    this.button.focus();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.play();
  }

  /** @param {import("./reel.js").Reel} reel */
  words({ gaps, unseen, thinned }) {
    const lines = [...gaps.map(gapWords), ...unseen.map(unseenWords)];
    if (thinned) lines.push(t("More pictures came than the server could keep: %(count)d were let go.", { count: thinned }));
    return lines.length ? lines : [t("Pictures came all the time.")];
  }

  /** @param {string} words what stands where the pictures will be */
  say(words) {
    this.state.textContent = words;
    this.state.hidden = !words;
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    this.play();
  }

  play() {
    if (!this.reel || this.isPlaying) return;
    if (this.at >= this.reel.end) this.go(this.reel.begin);
    this.isPlaying = true;
    this.showButton();
    let before = performance.now();
    const turn = this.turn;
    const next = (/** @type {number} */ now) => {
      if (!this.isPlaying || !this.reel || turn !== this.turn) return;
      this.go(Math.min(this.reel.end, this.at + (now - before) * Number(this.speed.value)));
      before = now;
      if (this.at >= this.reel.end) return this.pause();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  pause() {
    this.isPlaying = false;
    this.showButton();
  }

  showButton() {
    const words = this.isPlaying ? t("Pause") : t("Play");
    this.button.replaceChildren(icon(this.isPlaying ? "pause-fill" : "play-fill"), ` ${words}`);
  }

  /** @param {number} at ms from the alert */
  go(at) {
    if (!this.reel) return;
    this.at = at;
    this.slider.value = String(at);
    const moment = momentWords(at);
    const clock = clockTime(this.reel.raised + at, { seconds: true });
    this.slider.setAttribute("aria-valuetext", `${moment}, ${clock}`);
    this.time.textContent = `${moment} · ${clock}`;
    for (const screen of this.screens) screen.show(at);
  }

  /** To the picture before or after. @param {number} step */
  step(step) {
    this.pause();
    if (this.reel) this.go(besides(this.reel, this.at, step));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isControl = event.target instanceof Element && event.target.closest("button, select");
    const isSlider = event.target === this.slider;
    const act = new Map([
      [" ", isControl ? null : () => this.toggle()],
      ["ArrowLeft", isSlider ? null : () => this.step(-1)],
      ["ArrowRight", isSlider ? null : () => this.step(1)],
    ]).get(event.key);
    if (!act || event.target === this.speed) return;
    event.preventDefault();
    act();
  }

  close() {
    this.turn += 1;
    this.clear();
  }

  clear() {
    this.pause();
    this.reel = null;
    this.screens = [];
    this.stage.replaceChildren();
    this.parts.hidden = true;
  }
}
