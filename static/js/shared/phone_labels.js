// What a student at the computer reads of a phone: its state, what is wrong with it and how to fix that.

import { N_ } from "./i18n.js";

/** @typedef {string} Role a key of the server's phone roles (phone_roles.js) */
/**
 * @typedef {object} PhoneView as docs/protocol.md names it
 * @property {Role} role
 * @property {boolean} required
 * @property {"missing" | "paired" | "connected" | "lost"} state
 * @property {boolean} healthy
 * @property {string[]} problems
 * @property {string | null} [awake] null before the phone told of itself
 * @property {number | null} [battery]
 * @property {boolean | null} [charging]
 * @property {{state: "seen" | "not_seen" | "unknown"} | null} [proof]
 */
/** @typedef {"good" | "bad" | "busy" | "unknown"} Mark */
/** @typedef {{mark: Mark, text: string}} Saying a key for t() */

/** What the server found, for the student at the computer. @type {Record<string, string>} */
const PROBLEMS = {
  offline: N_("No connection. Check whether the phone has Wi-Fi and its page is open."),
  no_camera: N_("Its camera sends no picture. Look at the phone: its page says how to fix it."),
  no_motion: N_("Its motion sensor sends nothing. Look at the phone: its page says how to fix it."),
  no_microphone: N_("Its microphone may not be used. Look at the phone: its page says how to fix it."),
  screen_locked: N_("Its screen is locked or about to lock. Unlock it and touch the page once."),
  battery_low: N_("Its battery is nearly empty. Plug it in."),
  silent: N_("Nothing has come from it for some seconds."),
  hidden: N_("Another app is in front of its page. Go back to the page."),
};

/** @param {PhoneView} phone @returns {Saying} in one sentence */
export function sayingOf({ state, healthy, problems, required, awake }) {
  if (state === "missing") {
    return { mark: required ? "bad" : "unknown", text: required ? N_("Not connected yet.") : N_("Not connected. You can go on without.") };
  }
  if (state === "paired" || (state === "connected" && !healthy && awake === null)) return { mark: "busy", text: N_("Paired. Now press “Start” on the phone.") };
  if (state === "lost") return { mark: "bad", text: N_("Lost. Open its page on the phone again, or scan the code again.") };
  if (healthy) return { mark: "good", text: N_("Connected; everything works.") };
  return { mark: "bad", text: PROBLEMS[problems[0]] ?? N_("Connected, but something is wrong.") };
}

/** What is wrong beyond the first sentence. @param {PhoneView} phone @returns {string[]} keys for t() */
export function furtherProblems({ state, healthy, problems }) {
  if (state !== "connected" || healthy) return [];
  return problems.slice(1).flatMap((code) => PROBLEMS[code] ?? []);
}

/** Whether the phone's camera sees the small code on the exam page. @param {PhoneView} phone @returns {string | null} a key for t() */
export function proofWords({ state, proof }) {
  if (state !== "connected" || !proof) return null;
  if (proof.state === "seen") return N_("It sees your screen.");
  return proof.state === "not_seen" ? N_("It does not see your screen. Turn its camera until it does.") : null;
}
