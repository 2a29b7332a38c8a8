// The lines of a chat: one message, one that waits to be sent, one conversation in the list.

import { el } from "./dom.js";
import { clockTime, t } from "./i18n.js";

/**
 * @param {import("./chat_log.js").Message} message
 * @param {boolean} mine
 * @returns {HTMLElement}
 */
export function messageLine(message, mine) {
  const toAll = message.to.kind === "all";
  const about = el(
    "div",
    { class: "about" },
    el("strong", { dir: "auto" }, mine ? t("You") : message.from.name),
    toAll && el("span", {}, t("to everyone")),
    el("time", { datetime: new Date(message.sent_at).toISOString() }, clockTime(message.sent_at)),
  );
  const kind = ["message", mine && "mine", toAll && "to-all"].filter(Boolean).join(" ");
  return el("li", { class: kind }, about, el("div", { class: "text", dir: "auto" }, message.text));
}

/**
 * @param {import("./chat_log.js").Unsent} unsent
 * @param {() => void} retry
 * @param {() => void} discard
 * @returns {HTMLElement}
 */
export function waitingLine({ text, problem }, retry, discard) {
  const body = el("div", { class: "text", dir: "auto" }, text);
  if (!problem) return el("li", { class: "message mine unsent" }, body, el("div", { class: "about" }, t("Sending…")));
  const trouble = el("div", { class: "trouble" }, `${t("Not sent:")} ${t(problem.text, problem.params)}`);
  const buttons = el("div", { class: "row-actions" }, small(t("Try again"), retry), small(t("Discard"), discard));
  return el("li", { class: "message mine unsent" }, body, trouble, buttons);
}

/**
 * @param {string} name
 * @param {string} last
 * @param {number} unread
 * @param {() => void} open
 * @returns {HTMLElement}
 */
export function conversationLine(name, last, unread, open) {
  const count = el("span", { class: "count" }, unread, el("span", { class: "visually-hidden" }, ` ${t("unread")}`));
  const parts = [el("span", { class: "name", dir: "auto" }, name), unread > 0 && count];
  const line = last !== "" && el("span", { class: "last", dir: "auto" }, last);
  return el("li", {}, el("button", { type: "button", onclick: open }, ...parts, line));
}

/**
 * Make these the children of `parent`, moving only what is not in place.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} wanted
 */
export function reconcile(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(/** @type {HTMLElement} */ (child))) child.remove();
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/**
 * @param {string} text
 * @param {() => void} run
 * @returns {HTMLElement}
 */
function small(text, run) {
  return el("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: run }, text);
}
