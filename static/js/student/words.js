// What the student's page says about its connection, and about the states in which nothing more happens.

import { N_ } from "./mark.js";

/** @typedef {{tone: "good" | "busy" | "bad", text: string}} Word `text` is a key for t() */

/** @type {Record<import("../lib/connection.js").State, Word>} */
export const CONNECTION = {
  connecting: { tone: "busy", text: N_("Connecting…") },
  connected: { tone: "good", text: N_("Connected") },
  reconnecting: { tone: "bad", text: N_("No connection. Your seat is kept; the page tries again by itself.") },
  refused: { tone: "bad", text: N_("The server did not let this page in.") },
  replaced: { tone: "bad", text: N_("Open in another tab") },
  closed: { tone: "bad", text: N_("The connection is closed.") },
};

/** @typedef {{icon: string, title: string, text: string, action?: "reload" | "join"}} Ending */

/** @type {Record<string, Ending>} */
export const ENDINGS = {
  refused: {
    icon: "hand-index",
    title: N_("Your teacher has not let you in"),
    text: N_("Please write to your teacher here or speak to them. This page goes on by itself if they let you in after all."),
  },
  removed: {
    icon: "door-closed",
    title: N_("Your teacher closed your seat"),
    text: N_("Your camera is off. If you think this is a mistake, please speak to your teacher."),
  },
  left: {
    icon: "check2-circle",
    title: N_("You have left the exam"),
    text: N_("Your camera is off and your teacher knows that you have finished."),
  },
  ended: {
    icon: "check2-circle",
    title: N_("This exam has ended"),
    text: N_("Your camera is off. You can close this page."),
  },
  replaced: {
    icon: "window-stack",
    title: N_("Your exam is open in another tab"),
    text: N_("Only one tab can send your camera, so this one stopped. Close it, or go on here; the other tab stops then."),
    action: "reload",
  },
  closed: {
    icon: "plug",
    title: N_("This page is not connected any more"),
    text: N_("Your seat and your messages are kept. Load the page again to go on."),
    action: "reload",
  },
  ticket_invalid: {
    icon: "plug",
    title: N_("This page cannot be used any more"),
    text: N_("Please join again with the code of your exam."),
    action: "join",
  },
};

/** @param {string} step @param {string | null} problem the code of the server's refusal @returns {Ending | undefined} */
export function endingOf(step, problem) {
  if (step === "closed" && problem && problem in ENDINGS) return ENDINGS[problem];
  return ENDINGS[step];
}
