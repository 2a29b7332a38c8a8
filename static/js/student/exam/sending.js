// What is being sent right now, in plain words, beside the student's own picture.

import { t } from "../../shared/i18n.js";
import { cameraTitle } from "../check/camera_help.js";
import { Meter } from "../check/meter.js";

const REFRESH_MS = 1000;

export class Sending {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.meter = new Meter();
    this.camera = "asking";
    this.wanted = false;
    this.isLowered = false;
    setInterval(() => this.#show(), REFRESH_MS);
  }

  /** @param {{bytes: number, level: number}} frame */
  sent({ bytes, level }) {
    this.meter.add(performance.now(), bytes);
    this.isLowered = level > 0;
  }

  /** Know the camera's state, and whether the server wants pictures at all. @param {{camera?: string, wanted?: boolean}} news */
  learn(news) {
    Object.assign(this, news);
    this.#show();
  }

  #show() {
    const text = this.#words();
    if (this.root.textContent !== text) this.root.textContent = text;
  }

  #words() {
    if (this.camera !== "on") return t(cameraTitle(this.camera));
    const { fps, kbits } = this.meter.read(performance.now());
    if (fps === 0) return this.wanted ? t("Nothing is being sent at the moment.") : t("Your camera is on; nothing is being sent now.");
    const numbers = { fps: Math.round(fps * 10) / 10, kbits: Math.max(1, Math.round(kbits)) };
    const words = t("Sends %(fps).1f pictures a second, %(kbits)d kbit/s.", numbers);
    return this.isLowered ? `${words} ${t("Smaller, because the connection is slow.")}` : words;
  }
}
