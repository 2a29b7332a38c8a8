// Which part of the phone's page is shown: decided in one place from what server, connection and person say.

import { N_ } from "../shared/i18n.js";

/** @typedef {"connecting" | "start" | "live" | "replaced" | "over" | "left" | "lost" | "closed"} Step */
/**
 * @typedef {object} Situation
 * @property {import("../shared/connection.js").State} connection
 * @property {string | null} problem the code of the server's refusal
 * @property {boolean} welcomed
 * @property {boolean} started the person touched "Start"
 * @property {string | null} room the room's state
 * @property {string | null} admission the student's state
 * @property {boolean} left this phone was disconnected here
 */

const LOST = new Set(["ticket_invalid", "not_allowed", "unpaired"]);
const OVER = new Set(["removed", "left", "room_ended"]);

/** Nothing more happens on this page in these. @type {ReadonlySet<Step>} */
export const ENDS = new Set(/** @type {Step[]} */ (["replaced", "over", "left", "lost", "closed"]));

/** @param {Situation} situation @returns {Step} */
export function stepOf({ connection, problem, welcomed, started, room, admission, left }) {
  if (left) return "left";
  if (connection === "replaced" || problem === "replaced") return "replaced";
  if (room === "ended" || OVER.has(admission ?? "") || OVER.has(problem ?? "")) return "over";
  if (problem && LOST.has(problem)) return "lost";
  if (connection === "refused" || connection === "closed") return "closed";
  if (!welcomed) return "connecting";
  return started ? "live" : "start";
}

/** @typedef {{icon: string, title: string, text: string, action?: "reload" | "code"}} Ending keys for t() */

/** @type {Record<string, Ending>} */
export const ENDINGS = {
  replaced: {
    icon: "phone-flip",
    title: N_("This page is no longer used"),
    text: N_("Another phone or tab took its place, or it was disconnected on the computer. To use this phone, load the page again or scan a new code."),
    action: "reload",
  },
  over: {
    icon: "check2-circle",
    title: N_("This phone is free again"),
    text: N_("The exam is over for it. Nothing is sent any more, and you can take the phone off and close this page."),
  },
  left: {
    icon: "phone",
    title: N_("This phone is disconnected"),
    text: N_("It sends nothing any more. To use it again, scan the code on the exam page of the computer."),
    action: "code",
  },
  lost: {
    icon: "phone",
    title: N_("This phone is not connected"),
    text: N_("Scan the code on the exam page of the computer again, or type the short code beside it."),
    action: "code",
  },
  closed: {
    icon: "plug",
    title: N_("This page is not connected any more"),
    text: N_("Load the page again to go on."),
    action: "reload",
  },
};
