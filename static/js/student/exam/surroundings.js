// What the student's page senses and shows beside the webcam: phones, sound, location, typing, and the code for phones.

import { find } from "../../shared/dom.js";
import { roleOf } from "../../shared/phone_roles.js";
import { SoundSign } from "../../shared/sound_sign.js";
import { InputCounter } from "../../sensors/input.js";
import { Microphone } from "../../sensors/sound/microphone.js";
import { PlaceSensor } from "../../sensors/place.js";
import { SoundWire } from "../../sensors/sound/sound_wire.js";
import { Marker } from "../phones/marker.js";
import { PhonesPanel } from "../phones/phones_panel.js";
import { StatusLine } from "./status_line.js";

/** @typedef {import("../../shared/connection.js").Connection} Connection */
/** @typedef {import("../../shared/phone_labels.js").PhoneView} PhoneView */
/** @typedef {(event: string, payload: Record<string, unknown>) => Promise<any>} Ask */

const QUIETEST_SHOWN = -80; // dBFS at the left end of the bar

export class Surroundings {
  /**
   * @param {{ask: Ask, check: import("../check/check.js").SystemCheck, parts: import("../check/check_parts.js").CheckParts, hints: import("./hints.js").Hints}} participant
   */
  constructor({ ask, check, parts, hints }) {
    this.ask = ask;
    this.check = check;
    this.parts = parts;
    /** @type {PhoneView[]} */
    this.phones = [];
    this.step = "";
    this.isOver = false;
    this.marker = new Marker(find("#marker", HTMLElement));
    this.panel = new PhonesPanel(find("#phones", HTMLElement), find("#phone-dialog", HTMLDialogElement), { ask, hints });
    this.status = new StatusLine(find("#status-line", HTMLElement));
    this.sign = new SoundSign(find("#sound-sign", HTMLElement), find("#listened", HTMLElement));
    this.meter = find("#sound-meter", HTMLMeterElement);
    const wire = new SoundWire(ask);
    this.microphone = new Microphone({
      onState: (state) => this.#microphone(state),
      onSound: (sound) => wire.sound(sound),
      onLevel: (level) => wire.level(level),
      onMeter: ({ level }) => void (this.meter.value = Math.max(0, (1 - level / QUIETEST_SHOWN) * 100)),
      onSending: (sending) => this.sign.sending(sending),
    });
    this.place = new PlaceSensor((place) => {
      check.learn({ place: place.state });
      this.#tellPlace();
    });
    this.input = new InputCounter((counts) => this.step === "exam" && this.#tell("input", counts));
    this.input.watch(globalThis.window);
    // Some browsers let sound begin only at a touch after the page was loaded.
    document.addEventListener("pointerdown", () => this.microphone.resume());
    document.addEventListener("keydown", () => this.microphone.resume());
  }

  /** @param {Connection} connection */
  listen(connection) {
    connection
      .on("phones", (news) => this.#phones(news))
      .on("status", (status) => this.isOver || this.status.show(status))
      .on("proof", ({ cells, size_mm }) => this.marker.show(cells, size_mm))
      .on("listening", ({ on, channel }) => this.#listened(on, channel));
  }

  /** @param {{sound?: {on: boolean}, place?: boolean}} welcome */
  welcome({ sound, place }) {
    this.#listened(false); // a listener who stayed is told of anew
    if (sound?.on) this.#hear();
    if (place && !this.place.told) {
      this.check.learn({ place: "asking" });
      this.place.start();
    }
    this.#tellPlace();
    if (sound?.on) this.#microphone(this.microphone.state);
  }

  /** Which part of the page is shown. @param {string} step */
  become(step) {
    this.step = step;
    this.panel.show(this.phones, this.tells);
  }

  /** Whether a lost phone needs a notice: everywhere but where the phones are the matter anyhow, or not yet. */
  get tells() {
    if (this.step === "check") return this.parts.at !== "checks" && this.parts.at !== "phones";
    return this.step === "exam" || this.step === "wait" || this.step === "paused";
  }

  /** Frames that the exam brought. @param {Iterable<HTMLIFrameElement>} frames */
  frames(frames) {
    for (const frame of frames) this.input.watchFrame(frame);
  }

  /** Ask for the microphone once more. */
  retry() {
    void this.microphone.start();
  }

  /** Nothing may listen on after the exam. */
  finish() {
    this.isOver = true;
    this.microphone.stop();
    this.place.stop();
    this.marker.show(null);
    this.panel.show([], false);
    this.sign.finish();
    this.status.hide();
  }

  #hear() {
    if (this.isOver || this.microphone.isWanted) return;
    this.check.learn({ microphone: "off" });
    void this.microphone.start();
  }

  /** @param {import("../../sensors/sound/microphone.js").MicrophoneState} state */
  #microphone(state) {
    if (this.isOver) return;
    this.sign.become(state);
    this.check.learn({ microphone: state });
    this.#tell("microphone", { state });
  }

  /** @param {{phones: PhoneView[], ready: boolean}} news */
  #phones(news) {
    this.phones = news.phones;
    this.parts.learn(news);
    this.panel.show(news.phones, this.tells);
    if (!news.phones.some(({ role, state }) => roleOf(role).films && state !== "missing")) this.marker.show(null);
  }

  /** A teacher listens to a microphone of the student: this one, or a phone's. @param {boolean} on @param {string} [channel] */
  #listened(on, channel = "webcam") {
    this.sign.listened(on);
    this.microphone.listen(on && channel === "webcam");
  }

  #tellPlace() {
    if (this.place.told) this.#tell("place", { ...this.place.told });
  }

  /** Say without waiting: the next welcome says it again. @param {string} event @param {Record<string, unknown>} payload */
  #tell(event, payload) {
    this.ask(event, payload).catch(() => {});
  }
}
