// Hears the keys that do things at once, and shows the page that lists them. They can be switched off: speech input types letters too.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { keepChoice, readChoice } from "./preferences.js";

/** @typedef {{key: string, also?: string, does: string, run: () => unknown}} Shortcut `also`: a second key that every keyboard has; `run` says false where the key has nothing to do */

/** What arrows are called in the list of keys. @type {ReadonlyMap<string, string>} */
const NAMES = new Map([["ArrowLeft", "←"], ["ArrowRight", "→"]]);

/** Where a key lies whose sign some keyboards have elsewhere, or only with Shift or AltGr: AZERTY has 1 as Shift+&. */
const PLACES = new Map([
  ...[1, 2, 3].flatMap((digit) => /** @type {[string, string][]} */ ([[`Digit${digit}`, `${digit}`], [`Numpad${digit}`, `${digit}`]])),
  ["BracketLeft", "["],
  ["BracketRight", "]"],
]);

export class KeyPresses {
  /**
   * @param {Shortcut[]} shortcuts
   * @param {[string, string][]} others keys that work in one place only, for the list
   */
  constructor(shortcuts, others) {
    this.byKey = new Map(shortcuts.flatMap((one) => [one.key, one.also ?? one.key].map((key) => [key, one])));
    this.dialog = find("#keys", HTMLDialogElement);
    this.switch = find("#keys-on", HTMLInputElement, this.dialog);
    this.switch.checked = areKeysOn();
    this.switch.addEventListener("change", () => {
      keepChoice("keys", this.switch.checked ? "on" : "off");
      this.showHints();
    });
    this.showHints();
    const lines = [...shortcuts.map(({ key, also, does }) => [also ? `${key} ${NAMES.get(also) ?? also}` : key, does]), ["?", t("Show this list")], ...others];
    find("dl", HTMLElement, this.dialog).replaceChildren(...lines.flatMap(([key, does]) => [
      el("dt", {}, ...(key === " " ? [t("Space")] : key.split(" ")).map((one) => el("kbd", {}, one))), el("dd", {}, does),
    ]));
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** The line of keys below the incidents says only what is so. */
  showHints() {
    find("#key-hints", HTMLElement).hidden = !this.switch.checked;
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.defaultPrevented || isTyping(event.target)) return;
    const keys = keysOf(event);
    if (keys.includes("?")) return this.open();
    if (isPlayer(event.target) && NAMES.has(event.key)) return; // arrows wind a recording
    const key = this.switch.checked ? keys.find((one) => this.byKey.has(one)) : undefined;
    const shortcut = key && this.byKey.get(key);
    if (!shortcut || document.querySelector("dialog[open]:not(#alert)")) return;
    if (key === " " && isPressedBySpace(event.target)) return;
    if (shortcut.run() !== false) event.preventDefault();
  }
}

/** Whether single keys do something: a teacher may have switched them off. */
export function areKeysOn() {
  return readChoice("keys", "on", ["on", "off"]) === "on";
}

/**
 * The keys that a key press may stand for: the sign it makes, then the one that its place has on most keyboards, for
 * signs that lie elsewhere on AZERTY and the like, and for letters where the keyboard writes no Latin ones.
 * @param {Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey" | "getModifierState">} event
 * @returns {string[]} none while Ctrl, Alt or Meta make another key of it
 */
export function keysOf(event) {
  const isAltGr = event.getModifierState("AltGraph"); // which Windows tells as Ctrl+Alt; "[" is AltGr+5 on AZERTY
  if (event.metaKey || ((event.ctrlKey || event.altKey) && !isAltGr)) return [];
  if (event.shiftKey || isAltGr) return [event.key];
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const isForeign = /^\p{L}$/u.test(event.key) && !/^\p{Script=Latin}$/u.test(event.key);
  const byPlace = isForeign ? letter : PLACES.get(event.code);
  return byPlace && byPlace !== event.key ? [event.key, byPlace] : [event.key];
}

/** Whether Space presses what has the focus; an incident opens by Enter, so that Space plays it. @param {EventTarget | null} target */
function isPressedBySpace(target) {
  return target instanceof Element && target.closest("button:not(.incident-open), summary, a, audio, video") !== null;
}

/** @param {EventTarget | null} target */
function isPlayer(target) {
  return target instanceof HTMLMediaElement;
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
