// One row of the waiting room: who asks to come in, the picture, what the check came to, and the answer.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { checkTroubles, isUnlike, wasLookedAt } from "./check_result.js";
import { identitySign, identityWords } from "../large/score_labels.js";

/** @typedef {import("../room/types.js").Participant} Participant */

export class WaitingRow {
  /** @param {Participant} participant */
  constructor({ id }) {
    this.canvas = el("canvas", { width: 320, height: 240, "aria-hidden": "true" });
    this.picture = el("button", { class: "waiting-picture", type: "button", dataset: { id, open: "yes" } }, icon("camera-video-off"), this.canvas);
    this.words = el("div", { class: "waiting-words" });
    this.answers = el("div", { class: "waiting-answers" });
    this.place = el("li", { class: "waiting-line", dataset: { id } }, this.picture, this.words, this.answers);
    this.shown = "";
  }

  /** @param {Participant} participant */
  show(participant) {
    const { id, name, state, online, identity, identity_reason: reason, reference } = participant;
    const troubles = checkTroubles(participant);
    const text = JSON.stringify([name, state, online, identity, reason, reference, troubles, wasLookedAt(participant)]);
    if (text === this.shown) return;
    this.shown = text;
    const held = this.answers.contains(document.activeElement);
    this.place.dataset.online = String(online);
    this.picture.setAttribute("aria-label", t("See %(name)s live", { name }));
    this.words.replaceChildren(...words(participant, troubles));
    this.answers.replaceChildren(...answers(id, name, state === "refused"));
    if (held) this.answers.querySelector("button")?.focus();
  }

  /** @param {ImageBitmap} bitmap */
  paint(bitmap) {
    if (this.canvas.width !== bitmap.width || this.canvas.height !== bitmap.height) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
    }
    this.canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0);
    this.picture.dataset.painted = "yes";
  }
}

/** @param {Participant} participant @param {string[]} troubles */
function words(participant, troubles) {
  const { name, state, online } = participant;
  const lines = [
    el("div", {}, el("strong", { dir: "auto" }, name),
      !online && el("span", { class: "soft" }, " ", icon("wifi-off"), ` ${t("Offline")}`),
      state === "refused" && el("span", { class: "soft" }, ` ${t("Refused")}`)),
    ...identityLine(participant),
  ];
  if (troubles.length > 0) return [...lines, el("ul", { class: "waiting-troubles" }, ...troubles.map((one) => el("li", {}, icon("exclamation-triangle"), ` ${one}`)))];
  const passed = wasLookedAt(participant);
  return [...lines, el("div", { class: passed ? "waiting-passed" : "soft" }, icon(passed ? "check-circle" : "dash-circle"), ` ${passed ? t("Check passed") : t("Picture not checked")}`)];
}

/** What comparing with a photo came to; where that is a trouble it stands among them. @param {Participant} participant */
function identityLine(participant) {
  const { identity = "unknown", reference } = participant;
  if (reference !== "photo" || isUnlike(participant)) return [];
  return [el("div", { class: "waiting-identity" }, icon(identitySign(identity)), ` ${identityWords(participant)}`)];
}

/** @param {string} id @param {string} name @param {boolean} refused */
function answers(id, name, refused) {
  const admit = el("button", { class: `btn btn-sm ${refused ? "btn-quiet" : "btn-primary"}`, type: "button", dataset: { id, admit: "yes" }, "aria-label": t("Let in: %(name)s", { name }) }, t("Let in"));
  const refuse = el("button", { class: "btn btn-sm btn-quiet", type: "button", dataset: { id, admit: "no" }, "aria-label": t("Refuse %(name)s", { name }) }, t("Refuse"));
  return refused ? [admit] : [admit, refuse];
}
