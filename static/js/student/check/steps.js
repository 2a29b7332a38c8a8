// Which part of the page is shown: decided in one place from what the server and the connection say.

/** @typedef {"connecting" | "check" | "wait" | "exam" | "paused" | "held" | "refused" | "removed" | "terminated" | "left" | "ended" | "replaced" | "closed"} Step */
/**
 * @typedef {object} Situation
 * @property {import("../../shared/connection.js").State} connection
 * @property {string | null} problem the code of the server's refusal
 * @property {string | null} participant the participant's state; null before the first welcome
 * @property {string | null} room the room's state
 * @property {string} [standing] whether a teacher holds this exam: "", paused, locked, submitted or terminated
 */

/** Nothing more happens on this page in these. @type {ReadonlySet<Step>} */
export const OVER = new Set(["removed", "terminated", "left", "ended", "replaced", "closed"]);

/** @type {Record<string, Step>} */
const BY_PROBLEM = { removed: "removed", left: "left", replaced: "replaced", room_ended: "ended" };

/** @param {Situation} situation @returns {Step} */
export function stepOf({ connection, problem, participant, room, standing = "" }) {
  if (connection === "replaced") return "replaced";
  if (participant === "removed" && standing === "terminated") return "terminated";
  if (participant === "removed" || participant === "left") return participant;
  if (room === "ended") return "ended";
  if (problem && problem in BY_PROBLEM) return BY_PROBLEM[problem];
  if (connection === "refused" || connection === "closed") return "closed";
  if (participant === null) return "connecting";
  if (participant === "checking") return "check";
  if (participant === "admitted" && standing && room !== "open") return "held";
  if (participant === "admitted" && room === "running") return "exam";
  if (participant === "admitted" && room === "paused") return "paused";
  return participant === "refused" ? "refused" : "wait";
}
