// Which part of the page is shown: decided in one place from what the server and the connection say.

/** @typedef {"connecting" | "check" | "wait" | "exam" | "paused" | "refused" | "removed" | "left" | "ended" | "replaced" | "closed"} Step */
/**
 * @typedef {object} Situation
 * @property {import("../../shared/connection.js").State} connection
 * @property {string | null} problem the code of the server's refusal
 * @property {string | null} participant the participant's state; null before the first welcome
 * @property {string | null} room the room's state
 */

/** Nothing more happens on this page in these. @type {ReadonlySet<Step>} */
export const OVER = new Set(["removed", "left", "ended", "replaced", "closed"]);

/** @type {Record<string, Step>} */
const BY_PROBLEM = { removed: "removed", left: "left", replaced: "replaced", room_ended: "ended" };

/** @param {Situation} situation @returns {Step} */
export function stepOf({ connection, problem, participant, room }) {
  if (connection === "replaced") return "replaced";
  if (participant === "removed" || participant === "left") return participant;
  if (room === "ended") return "ended";
  if (problem && problem in BY_PROBLEM) return BY_PROBLEM[problem];
  if (connection === "refused" || connection === "closed") return "closed";
  if (participant === null) return "connecting";
  if (participant === "checking") return "check";
  if (participant === "admitted" && room === "running") return "exam";
  if (participant === "admitted" && room === "paused") return "paused";
  return participant === "refused" ? "refused" : "wait";
}
