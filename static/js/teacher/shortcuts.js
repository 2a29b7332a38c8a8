// Keys that do things at once, and the page that lists them. They can be switched off: speech input types letters too.

import { el, find } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { keepChoice, readChoice } from "./preferences.js";

/** @typedef {{key: string, does: string, run: () => void}} Shortcut */

export class Shortcuts {
  /**
   * @param {Shortcut[]} shortcuts
   * @param {[string, string][]} others keys that work in one place only, for the list
   */
  constructor(shortcuts, others) {
    this.byKey = new Map(shortcuts.map((shortcut) => [shortcut.key, shortcut]));
    this.dialog = find("#keys", HTMLDialogElement);
    this.switch = find("#keys-on", HTMLInputElement, this.dialog);
    this.switch.checked = readChoice("keys", "on", ["on", "off"]) === "on";
    this.switch.addEventListener("change", () => keepChoice("keys", this.switch.checked ? "on" : "off"));
    const lines = [...shortcuts.map(({ key, does }) => [key, does]), ["?", t("Show this list")], ...others];
    find("dl", HTMLElement, this.dialog).replaceChildren(...lines.flatMap(([key, does]) => [
      el("dt", {}, ...key.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, does),
    ]));
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
    if (event.key === "?") return this.open();
    const shortcut = this.switch.checked ? this.byKey.get(event.key) : undefined;
    if (!shortcut || document.querySelector("dialog[open]:not(#alert)")) return;
    event.preventDefault();
    shortcut.run();
  }
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
