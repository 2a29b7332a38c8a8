// What has become of an alert's capsule, and what is missing in it, in words.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { pictureLabel } from "../room/labels.js";
import { channelLabel } from "../large/phone_labels.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {import("./reel.js").Hole} Hole
 */

/** @param {Alert} alert */
export function isPlayable({ capsule }) {
  return capsule?.state === "sealed" && Boolean(capsule.address);
}

/** The alert of an incident that is played: its lead, or the newest that can be. @param {import("../incidents/incidents.js").Incident} incident */
export function playableOf({ lead, alerts }) {
  return [lead, ...alerts].find(isPlayable) ?? null;
}

/** What stands below the picture of an alert: a button that plays, or why there is none. @param {Alert} alert @param {(alert: Alert) => void} play @returns {HTMLElement[]} */
export function capsuleParts(alert, play) {
  if (!alert.capsule) return [];
  if (!isPlayable(alert)) return [el("p", { class: "alert-capsule" }, stateWords(alert.capsule))];
  const words = t("Play the seconds around it");
  return [el("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: () => play(alert) }, icon("play-fill"), ` ${words}`)];
}

/** @param {{state: string, why?: string | null}} capsule */
export function stateWords({ state, why }) {
  switch (state) {
    case "pending": return t("The pictures around this alert are being kept.");
    case "empty": return t("No picture came in the seconds around this alert.");
    case "erased": return t("The pictures around this alert were erased.");
    default: return t(why || "Evidence could not be kept.");
  }
}

/** A moment before or after the alert. @param {number} ms from the alert */
export function momentWords(ms) {
  const seconds = Math.round(Math.abs(ms) / 100) / 10;
  if (seconds === 0) return t("at the alert");
  return ms < 0 ? t("%(seconds)s s before the alert", { seconds }) : t("%(seconds)s s after the alert", { seconds });
}

/** @param {Hole} hole in which no picture was kept */
export function gapWords({ channel, begin, end, why }) {
  const params = { channel: channelLabel(channel), from: momentWords(begin), to: momentWords(end) };
  if (why === "thinned") return t("%(channel)s: the server kept no picture, from %(from)s to %(to)s.", params);
  return t("%(channel)s: no picture came, from %(from)s to %(to)s.", params);
}

/** @param {Hole} hole whose pictures could not be judged */
export function unseenWords({ channel, begin, end, why }) {
  const params = { channel: channelLabel(channel), from: momentWords(begin), to: momentWords(end), why: pictureLabel(why) };
  return t("%(channel)s: nothing could be judged (%(why)s), from %(from)s to %(to)s.", params);
}

/** What is said over a camera's picture while it stands still. @param {Hole | null} gap */
export function stillWords(gap) {
  if (!gap) return "";
  return gap.why === "thinned" ? t("The server kept no picture here.") : t("No picture came here.");
}
