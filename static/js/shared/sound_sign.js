// The sign that says whether sound is being sent, and the strip that stays while a teacher listens.

import { icon } from "./dom.js";
import { N_, t } from "./i18n.js";
import { announce } from "./notify.js";

const LINGER_MS = 1500; // a sign that flickers with every word is not read

/** @type {Record<import("../sensors/sound/microphone.js").MicrophoneState, {icon: string, text: string}>} */
const STATES = {
  off: { icon: "mic", text: N_("Microphone not on yet") },
  on: { icon: "mic", text: N_("Microphone on; nothing is sent") },
  denied: { icon: "mic-mute", text: N_("Microphone not allowed") },
  none: { icon: "mic-mute", text: N_("No microphone") },
};
const SENDING = { icon: "mic-fill", text: N_("Sound is being sent") };

export class SoundSign {
  /** @param {HTMLElement} sign @param {HTMLElement} strip shown while a teacher listens */
  constructor(sign, strip) {
    this.sign = sign;
    this.strip = strip;
    /** @type {import("../sensors/sound/microphone.js").MicrophoneState} */
    this.state = "off";
    this.isSending = false;
    this.isConnected = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {import("../sensors/sound/microphone.js").MicrophoneState} state */
  become(state) {
    this.state = state;
    this.#show();
  }

  /** @param {boolean} isSending */
  sending(isSending) {
    clearTimeout(this.timer);
    if (isSending) this.#send(true);
    else this.timer = setTimeout(() => this.#send(false), LINGER_MS);
  }

  /** Nothing is sent while the server is out of reach. @param {boolean} isConnected */
  reach(isConnected) {
    if (isConnected === this.isConnected) return;
    this.isConnected = isConnected;
    if (!this.sign.hidden) this.#show();
  }

  /** The microphone is off for good: no late word may bring the sign back. */
  finish() {
    clearTimeout(this.timer);
    this.listened(false);
    this.sign.hidden = true;
  }

  /** @param {boolean} on */
  listened(on) {
    if (this.strip.hidden === !on) return;
    this.strip.hidden = !on;
    announce(on ? t("Your teacher is listening now.") : t("Your teacher no longer listens."));
  }

  /** @param {boolean} isSending */
  #send(isSending) {
    this.isSending = isSending;
    this.#show();
  }

  #show() {
    const isSending = this.isSending && this.isConnected && this.state === "on";
    const { icon: name, text } = isSending ? SENDING : STATES[this.state];
    const words = document.createElement("span");
    words.className = "bar-word";
    words.textContent = t(text);
    this.sign.hidden = false;
    this.sign.title = t(text);
    this.sign.dataset.sending = isSending ? "yes" : "no";
    this.sign.dataset.state = this.state;
    this.sign.replaceChildren(icon(name), " ", words);
  }
}
