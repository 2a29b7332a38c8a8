// What the student's page says about its connection, and about the states in which nothing more happens.

import { N_ } from "../check/mark.js";

/** @typedef {{tone: "good" | "busy" | "bad", icon: string, short: string, long?: string}} Word keys for t() */

/** @type {Record<import("../../shared/connection.js").State, Word>} */
export const CONNECTION = {
  connecting: { tone: "busy", icon: "hourglass-split", short: N_("Connecting…") },
  connected: { tone: "good", icon: "wifi", short: N_("Connected") },
  reconnecting: {
    tone: "bad",
    icon: "wifi-off",
    short: N_("No connection"),
    long: N_("The connection is lost. Go on with your exam: your place is kept, and this page tries again by itself."),
  },
  refused: { tone: "bad", icon: "plug", short: N_("Not connected") },
  replaced: { tone: "bad", icon: "window-stack", short: N_("Open in another tab") },
  closed: { tone: "bad", icon: "plug", short: N_("Not connected") },
};

/** What the bar says of the room. @type {Record<string, string>} */
export const ROOM = {
  open: N_("Not started yet"),
  running: N_("The exam is running"),
  paused: N_("Paused"),
  ended: N_("Ended"),
};

/** @typedef {{icon: string, title: string, text: string, action?: "reload" | "join" | "start"}} Ending */

/** @type {Record<string, Ending>} */
export const ENDINGS = {
  refused: {
    icon: "hand-index",
    title: N_("Your teacher has not let you in"),
    text: N_("Please write to your teacher here or speak to them. This page goes on by itself if they let you in after all."),
  },
  removed: {
    icon: "door-closed",
    title: N_("Your teacher closed your place"),
    text: N_("Your camera is off. If you think this is a mistake, please speak to your teacher."),
    action: "start",
  },
  terminated: {
    icon: "stop-circle",
    title: N_("Your teachers ended your exam"),
    text: N_("Two of your teachers decided this. Your camera is off. You can read what is kept about you and answer it; please speak to your teacher if you disagree."),
    action: "start",
  },
  left: {
    icon: "check2-circle",
    title: N_("You have left the exam"),
    text: N_("Your camera is off and your teacher knows that you have left."),
    action: "start",
  },
  ended: {
    icon: "check2-circle",
    title: N_("This exam has ended"),
    text: N_("Your camera is off. You can close this page."),
    action: "start",
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
    text: N_("Your place and your messages are kept. Load the page again to go on."),
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
