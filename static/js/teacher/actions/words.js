// What actions, their reasons and what became of them are called, for teachers.

import { clockTime, t } from "../../shared/i18n.js";

/**
 * @typedef {import("../room/types.js").Action} Action
 * @typedef {"pause" | "resume" | "lock" | "unlock" | "extra_time" | "terminate" | "flag" | "message"} Verb
 */

/** In the order in which they are offered. @type {readonly Verb[]} */
export const VERBS = ["message", "flag", "pause", "resume", "extra_time", "lock", "unlock", "terminate"];

/** Which reasons each knows; one of them must be chosen. @type {Record<string, readonly string[]>} */
export const REASONS = {
  pause: ["technical", "talk", "identity", "other"],
  lock: ["rules", "talk", "identity", "other"],
  extra_time: ["technical", "interruption", "agreed", "other"],
  terminate: ["rules", "identity", "wish", "other"],
};

/** @param {string} verb */
export function verbLabel(verb) {
  switch (verb) {
    case "message": return t("Write a message");
    case "flag": return t("Flag for a closer look");
    case "pause": return t("Pause this exam");
    case "resume": return t("Let the student go on");
    case "extra_time": return t("Give extra time");
    case "lock": return t("Lock the screen");
    case "unlock": return t("Unlock the screen");
    default: return t("End this exam");
  }
}

/** What was done, for the list of what was done. @param {Action} action */
export function doneLabel({ verb, minutes }) {
  switch (verb) {
    case "flag": return t("Flagged");
    case "pause": return t("Paused");
    case "resume": return t("Let go on");
    case "extra_time": return t("%(minutes)d minutes more", { minutes: minutes ?? 0 });
    case "lock": return t("Locked");
    case "unlock": return t("Unlocked");
    default: return t("End asked for");
  }
}

/** @param {string} verb */
export function verbSign(verb) {
  const signs = { message: "chat-dots", flag: "flag", pause: "pause-circle", resume: "play-circle", extra_time: "clock", lock: "lock", unlock: "unlock", terminate: "stop-circle" };
  return signs[/** @type {Verb} */ (verb)] ?? "dot";
}

/** What a verb does, in a sentence. @param {string} verb */
export function verbMeaning(verb) {
  switch (verb) {
    case "message": return t("It goes to each of them alone, in the messages.");
    case "flag": return t("The last 20 seconds are kept, and it stands in the list as seen by you. The student is not told.");
    case "pause": return t("The exam is hidden until you let the student go on. Nothing counts meanwhile; camera and messages go on.");
    case "resume": return t("The exam is shown again, with what was written.");
    case "extra_time": return t("The student is told. You end the exam yourself: this page reminds you of who has more time.");
    case "lock": return t("The screen shows the reason and nothing else until you unlock it. Nothing counts meanwhile; messages go on.");
    case "unlock": return t("The exam is shown again, with what was written.");
    default: return t("A second teacher must confirm it. Until then the student reads only that the exam is handed in.");
  }
}

/** @param {string} reason */
export function reasonLabel(reason) {
  switch (reason) {
    case "technical": return t("Something technical");
    case "talk": return t("A word with the student");
    case "identity": return t("Who it is must be made sure");
    case "rules": return t("Against the rules");
    case "interruption": return t("An interruption");
    case "agreed": return t("As agreed before");
    case "wish": return t("The student's own wish");
    default: return t("Something else");
  }
}

/** What has become of an action. @param {Action} action */
export function stateWords({ verb, delivered, acknowledged, undone, confirmed, refused, decided_by: name }) {
  if (undone) return t("undone");
  if (confirmed) return t("confirmed by %(name)s", { name });
  if (refused) return t("refused by %(name)s", { name });
  if (verb === "terminate") return t("waits for a second teacher");
  if (verb === "flag") return "";
  if (acknowledged) return t("read at %(time)s", { time: clockTime(acknowledged) });
  return delivered ? t("shown at %(time)s", { time: clockTime(delivered) }) : t("not shown yet");
}
