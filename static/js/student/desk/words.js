// What a student reads of what teachers did: what happened, why, and what to do.

import { t } from "../../shared/i18n.js";

/**
 * @typedef {object} Standing
 * @property {string} state "", paused, locked, submitted or terminated
 * @property {string} reason
 * @property {string} note
 * @property {string} by
 * @property {number} minutes of extra time
 *
 * @typedef {object} News
 * @property {string} id
 * @property {string} verb
 * @property {string} reason
 * @property {string} note
 * @property {number | null} minutes
 * @property {string} by
 */

/** @param {string} reason "" for none */
export function reasonWords(reason) {
  switch (reason) {
    case "technical": return t("The reason: something technical.");
    case "talk": return t("The reason: your teacher wants a word with you.");
    case "identity": return t("The reason: your teacher must make sure who you are.");
    case "rules": return t("The reason: something looked as if it were against the rules of this exam.");
    case "interruption": return t("The reason: you were interrupted.");
    case "agreed": return t("The reason: as agreed before.");
    case "wish": return t("The reason: you asked for it.");
    case "other": return t("Your teacher tells you the reason.");
    default: return "";
  }
}

/** @param {string} state @returns {{sign: string, title: string, what: string}} */
export function heldWords(state) {
  if (state === "paused") {
    return { sign: "pause-circle", title: t("Your teacher has paused your exam"), what: t("What you wrote is still there, and nothing counts against you meanwhile. Please keep this page open: it goes on by itself. You can write to your teacher here.") };
  }
  if (state === "locked") {
    return { sign: "lock", title: t("Your teacher has locked your screen"), what: t("Please stay where you are and write to your teacher here, or raise your hand. What you wrote is still there, and nothing counts against you meanwhile.") };
  }
  return { sign: "check2-circle", title: t("Your exam is submitted"), what: t("There is nothing more to do at the moment. Please keep this page open: your teacher may still write to you here.") };
}

/** What an action means for the student who goes on writing. @param {News} news */
export function newsWords({ verb, minutes, reason, note, by: name }) {
  const why = [reasonWords(reason), note].filter(Boolean).join(" ");
  if (verb === "extra_time") return [t("%(name)s gives you %(minutes)d minutes more.", { name, minutes: minutes ?? 0 }), why].join(" ").trim();
  if (verb === "resume" || verb === "unlock") return t("You can go on: %(name)s has opened your exam again.", { name });
  return why;
}
