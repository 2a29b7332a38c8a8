// Whose incident one is where several teachers watch: plain functions, with the same answer on every teacher's page.

import { isOfRoom } from "./incidents.js";

/**
 * @typedef {import("../room/types.js").Claim} Claim
 * @typedef {import("../room/types.js").Teacher} Teacher
 * @typedef {import("./incidents.js").Incident} Incident
 *
 * @typedef {object} Situation
 * @property {Claim | null} claim
 * @property {readonly Teacher[]} teachers of the room, whether their pages are open or not
 * @property {number} me the id of this page's teacher
 * @property {number} now ms, the server's time
 *
 * @typedef {object} Concern
 * @property {"mine" | "everybody" | "others"} of whose it is
 * @property {string} name of the teacher who looks after it or whose share it is; "" where it is everybody's
 * @property {boolean} claimed whether that teacher said so
 */

/** A critical incident that nobody looks after is everybody's after that time, whosever share it is. */
export const EVERYBODY_AFTER_MS = 30_000;
/** After that time every page sounds. */
export const OVERDUE_AFTER_MS = 60_000;

/**
 * @param {Incident} incident
 * @param {Situation} situation
 * @returns {Concern}
 */
export function concernOf(incident, { claim, teachers, me, now }) {
  if (claim) return { of: claim.person === me ? "mine" : "others", name: claim.name, claimed: true };
  const dealt = dealtTo(incident, teachers);
  if (!dealt || lies(incident, now) >= EVERYBODY_AFTER_MS) return { of: "everybody", name: "", claimed: false };
  return { of: dealt.id === me ? "mine" : "others", name: dealt.name, claimed: false };
}

/**
 * Every student is the share of one of the teachers who are there; null where one alone is there, and for an incident of
 * the whole room.
 * @param {Incident} incident
 * @param {readonly Teacher[]} teachers
 * @returns {Teacher | null}
 */
export function dealtTo({ lead }, teachers) {
  const there = teachers.filter(({ online }) => online).sort((a, b) => a.id - b.id);
  return there.length < 2 || isOfRoom(lead) ? null : there[numberOf(lead.participant) % there.length];
}

/**
 * Whether a critical incident has waited for a minute and nobody looks after it.
 * @param {Incident} incident
 * @param {Claim | null} claim
 * @param {number} now
 */
export function isOverdue(incident, claim, now) {
  return !claim && lies(incident, now) >= OVERDUE_AFTER_MS;
}

/** How long a critical incident has waited for its verdict, ms; 0 for others. @param {Incident} incident @param {number} now */
function lies({ alerts, lead, isOpen }, now) {
  if (!isOpen || lead.severity !== "critical") return 0;
  const waiting = alerts.filter(({ verdict, severity }) => verdict === "new" && severity === "critical");
  return now - Math.min(...waiting.map(({ raised_at: at }) => at));
}

/** A number for an id, the same everywhere. @param {string} id */
function numberOf(id) {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
