// How a teacher notices a new alert while looking elsewhere: a tone for critical ones, a word for screen readers.

import { announce, beep } from "../../shared/notify.js";
import { t } from "../../shared/i18n.js";
import { keepChoice, readChoice } from "../room/preferences.js";
import { kindLabel, severityLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Alert} Alert */

const BETWEEN_TONES_MS = 2000;

export class AlertSounds {
  /**
   * @param {HTMLButtonElement} button switches the tone on and off
   * @param {import("../room/live_room.js").LiveRoom} live
   */
  constructor(button, live) {
    this.button = button;
    this.on = readChoice("sound", "on", ["on", "off"]) === "on";
    this.lastTone = -BETWEEN_TONES_MS;
    button.addEventListener("click", () => this.toggle());
    live.addEventListener("raised", (event) => this.raised(/** @type {CustomEvent<Alert>} */ (event).detail));
    this.show();
  }

  toggle() {
    this.on = !this.on;
    keepChoice("sound", this.on ? "on" : "off");
    // Whoever wants to hear may want to be told while another window is in front; the browser asks once.
    if (this.on && globalThis.Notification?.permission === "default") void Notification.requestPermission();
    this.show();
  }

  show() {
    const label = this.on ? t("Sound for critical alerts is on") : t("Sound for critical alerts is off");
    this.button.setAttribute("aria-pressed", String(this.on));
    this.button.title = label;
    this.button.setAttribute("aria-label", label);
    this.button.querySelector("i")?.setAttribute("class", `bi bi-${this.on ? "volume-up" : "volume-mute"}`);
  }

  /** @param {Alert} alert */
  raised(alert) {
    if (alert.severity === "notice") return;
    announce(t("%(severity)s: %(kind)s, %(name)s", { severity: severityLabel(alert.severity), kind: kindLabel(alert.kind), name: alert.name }));
    const now = performance.now();
    if (alert.severity !== "critical" || !this.on || now - this.lastTone < BETWEEN_TONES_MS) return;
    this.lastTone = now;
    beep();
  }
}
