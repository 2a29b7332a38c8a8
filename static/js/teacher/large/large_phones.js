// In the large view: what the phones film, beside the webcam, and how each phone is doing.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { roleOf } from "../../shared/phone_roles.js";
import { channelLabel, healthWords, phoneTone, phoneWords, roleSign } from "./phone_labels.js";
import { ago } from "../room/times.js";

/**
 * @typedef {import("../room/types.js").Phone} Phone
 * @typedef {{phone: Phone, canvas: HTMLCanvasElement, age: HTMLElement, takenAt: number | null}} View
 */

const OLD_MS = 6000; // phones send a picture every two seconds when nobody looks

export class LargePhones {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.pictures = find("#large-phones", HTMLElement, root);
    this.list = find("#large-phone-list", HTMLElement, root);
    this.none = find("#large-phone-part", HTMLElement, root);
    /** @type {Map<string, View>} by role */
    this.views = new Map();
    this.shown = "";
  }

  /** Another student is shown: nothing of the one before may stay. */
  clear() {
    this.views.clear();
    this.pictures.replaceChildren();
    this.shown = "";
  }

  /** @param {Phone[]} phones @param {number} now on the clock of `performance.now()` */
  show(phones, now) {
    this.none.hidden = phones.length === 0;
    const filming = phones.filter(({ role, state }) => roleOf(role).films && state !== "missing");
    for (const role of [...this.views.keys()]) if (!filming.some((phone) => phone.role === role)) this.#drop(role);
    for (const phone of filming) this.#view(phone).phone = phone;
    this.pictures.hidden = filming.length === 0;
    for (const view of this.views.values()) showAge(view, now);
    const text = JSON.stringify(phones);
    if (text === this.shown) return;
    this.shown = text;
    this.list.replaceChildren(...phones.map(line));
  }

  /** @param {import("../grid/picture_feed.js").Picture} picture */
  paint({ channel, bitmap, takenAt }) {
    const view = this.views.get(channel);
    if (!view) return;
    const { canvas } = view;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    view.takenAt = takenAt;
  }

  /** @param {Phone} phone @returns {View} */
  #view(phone) {
    const known = this.views.get(phone.role);
    if (known) return known;
    const canvas = el("canvas", { width: 480, height: 360, role: "img", "aria-label": channelLabel(phone.role) });
    const age = el("span", { class: "large-phone-age" });
    const caption = el("figcaption", {}, icon(roleSign(phone.role)), ` ${channelLabel(phone.role)}`);
    const name = t("Show this picture large: %(name)s", { name: channelLabel(phone.role) });
    const swap = el("button", { type: "button", class: "large-swap", dataset: { swap: phone.role }, title: name, "aria-label": name });
    this.pictures.append(el("figure", { class: "large-phone", dataset: { role: phone.role, channel: phone.role } }, canvas, caption, age, swap));
    const view = { phone, canvas, age, takenAt: null };
    this.views.set(phone.role, view);
    return view;
  }

  /** @param {string} role */
  #drop(role) {
    this.views.get(role)?.canvas.parentElement?.remove();
    this.views.delete(role);
  }
}

/** @param {View} view @param {number} now */
function showAge({ phone, canvas, age, takenAt }, now) {
  const old = takenAt === null || now - takenAt > OLD_MS || phone.state !== "connected";
  const words = takenAt === null ? t("No picture yet") : ago(now - takenAt);
  const text = old ? (phone.state === "connected" ? words : phoneWords(phone)) : "";
  if (age.textContent !== text) age.textContent = text;
  const frame = canvas.parentElement;
  if (frame) frame.dataset.stale = String(old);
}

/** @param {Phone} phone */
function line(phone) {
  const health = healthWords(phone);
  const words = el("span", { class: "grow" }, el("strong", {}, channelLabel(phone.role)), el("span", { class: "large-phone-words" }, phoneWords(phone)), health && el("span", { class: "soft small" }, health));
  return el("li", { dataset: { tone: phoneTone(phone) } }, icon(roleSign(phone.role)), words);
}
