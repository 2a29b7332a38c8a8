// Names and signs of attention, identity and accommodations.

import { t } from "../../shared/i18n.js";

/** @param {string | null} label */
export function attentionLabel(label) {
  switch (label) {
    case "focused": return t("Focused");
    case "distracted": return t("Distracted");
    case "away": return t("Away");
    default: return t("Not known");
  }
}

/** @param {string} identity */
export function identityLabel(identity) {
  switch (identity) {
    case "enrolled": return t("Ready to be compared");
    case "authorized": return t("The same person");
    case "unsure": return t("Cannot tell, which is no violation");
    case "mismatch": return t("Seems to be another person");
    default: return t("Nothing to compare with");
  }
}

/** Why a comparison could not tell. @param {string | null | undefined} reason as the server gives it; "" for none */
export function identityReason(reason) {
  switch (reason) {
    case "no face": return t("no face is seen");
    case "several faces": return t("several faces are seen");
    case "turned away": return t("turned away");
    case "too far away": return t("too far away");
    case "poor light": return t("poor light");
    case "too close to tell": return t("neither clearly alike nor clearly different");
    default: return "";
  }
}

/** @param {{identity?: string, identity_reason?: string | null, reference?: string}} student */
export function identityWords({ identity = "unknown", identity_reason: reason, reference }) {
  if (identity === "authorized" && reference === "photo") return t("Like the teacher's photo");
  if (identity === "mismatch" && reference === "photo") return t("Does not look like the teacher's photo");
  const why = identity === "unsure" ? identityReason(reason) : "";
  return why ? t("Cannot tell: %(reason)s", { reason: why }) : identityLabel(identity);
}

/** @param {import("../room/types.js").IdentityEvent} event */
export function identityEvent({ event, reason, reference }) {
  const states = new Map([["AUTHORIZED", "authorized"], ["IDENTITY_MISMATCH", "mismatch"]]);
  return identityWords({ identity: states.get(event) ?? "unsure", identity_reason: reason, reference });
}

/** @param {string} event */
export function identityEventSign(event) {
  const states = new Map([["AUTHORIZED", "authorized"], ["IDENTITY_MISMATCH", "mismatch"]]);
  return identitySign(states.get(event) ?? "unsure");
}

/** @param {string} [reference] what a student is compared with */
export function referenceLabel(reference) {
  switch (reference) {
    case "photo": return t("A photo from the teacher");
    case "check": return t("Pictures of the system check");
    default: return t("Nothing");
  }
}

const IDENTITY_SIGNS = new Map([
  ["enrolled", "person-badge"],
  ["authorized", "person-check"],
  ["unsure", "person-dash"],
  ["mismatch", "person-exclamation"],
]);

/** @param {string} identity "" where there is nothing to show */
export function identitySign(identity) {
  return IDENTITY_SIGNS.get(identity) ?? "";
}

/** @param {string} label of a thing in a picture, as detection names it */
export function thingLabel(label) {
  switch (label) {
    case "cell phone": return t("Phone");
    case "book": return t("Book or paper");
    case "laptop": return t("Laptop");
    case "tv": return t("Screen");
    case "remote": return t("Remote control");
    case "person": return t("Person");
    case "face": return t("Face");
    default: return label;
  }
}

/** @param {string} name of an accommodation */
export function accommodationLabel(name) {
  switch (name) {
    case "reads_aloud": return t("Reads aloud: talking and speech are not judged");
    case "no_gaze": return t("Gaze is not judged (head and eyes)");
    case "helper_present": return t("A helper is present: other people are not judged");
    default: return t("Breaks: an empty chair or another page is only noted");
  }
}

export const EXEMPTIONS = ["reads_aloud", "no_gaze", "helper_present", "breaks"];
