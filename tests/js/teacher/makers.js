// Students, phones and alerts for the tests of the teacher's page.

/** The role of a phone as the server gives it to a page. @type {import("../../../static/js/shared/phone_roles.js").PhoneRole} */
export const ARM = { key: "arm", title: "Phone on the arm", short: "Arm", placing: "Strap it on.", sign: "smartwatch", films: false, drawing: true };

/**
 * @param {string} id
 * @param {Partial<import("../../../static/js/teacher/room/types.js").Participant>} [given]
 * @returns {import("../../../static/js/teacher/room/types.js").Participant}
 */
export function makeParticipant(id, given = {}) {
  return {
    id, name: id, state: "admitted", online: true, camera: "on", page: "visible", picture: "ok", faces: 1,
    joined_at: 0, kind: "student", ...given,
  };
}

/**
 * @param {string} id
 * @param {Partial<import("../../../static/js/teacher/room/types.js").Alert>} [given]
 * @returns {import("../../../static/js/teacher/room/types.js").Alert}
 */
export function makeAlert(id, given = {}) {
  return {
    id, participant: "anna", name: "Anna", kind: "FACE_NOT_FOUND", severity: "critical",
    text: "No face for %(seconds).1f s", numbers: { seconds: 4 }, started_at: 1000, raised_at: 4000, ended_at: null,
    evidence: null, verdict: "new", note: "", handled_by: null, ...given,
  };
}

/**
 * @param {Partial<import("../../../static/js/teacher/room/types.js").Welcome>} [given]
 * @returns {import("../../../static/js/teacher/room/types.js").Welcome}
 */
export function makeWelcome(given = {}) {
  const room = { id: "r", code: "012345", title: "Physics", state: "running", started_at: 0, ended_at: null };
  return {
    room, teacher: { id: 1, name: "Marie" }, teachers: [], participants: [], alerts: [], messages: [], notices: [],
    storage: { ok: true, text: "", waiting: 0 }, server_time: Date.now(), ...given,
  };
}
