// Says how the connection and the room are: a word in the bar, and a sentence below it when there is trouble.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { CONNECTION, ROOM } from "./messages.js";

/** @param {import("../../shared/connection.js").State} state */
export function showConnection(state) {
  const word = CONNECTION[state];
  const sign = find("#connection", HTMLElement);
  sign.dataset.tone = word.tone;
  sign.replaceChildren(icon(word.icon), " ", el("span", { class: "bar-word" }, t(word.short)));
  const trouble = find("#trouble", HTMLElement);
  trouble.hidden = !word.long;
  trouble.textContent = word.long ? t(word.long) : "";
}

/** @param {string} state */
export function showRoom(state) {
  const sign = find("#room-state", HTMLElement);
  sign.hidden = false;
  sign.className = `state state-${state}`;
  sign.textContent = t(ROOM[state]);
}
