import assert from "node:assert/strict";
import test from "node:test";

import { SERIOUS, byUrgency, incidentsOf, kindsIn, listOf, makeIncident, studentsIn } from "../../../../static/js/teacher/incidents/incidents.js";
import { tileAlert } from "../../../../static/js/teacher/grid/tile_state.js";
import { makeAlert } from "../makers.js";

const WEIGHTS = { LOOKING_AWAY: 10, PAGE_HIDDEN: SERIOUS, PHONE_DETECTED: 30, CONNECTION_LOST: 0 };

/** @param {string} id @param {Partial<import("../../../../static/js/teacher/room/types.js").Alert>} [given] */
function warning(id, given = {}) {
  return makeAlert(id, { severity: "warning", kind: "LOOKING_AWAY", incident: "i", ...given });
}

/** @param {number} count students who lost the network at once */
function hiccup(count) {
  const numbers = Array.from({ length: count }, (_one, number) => number);
  return numbers.map((number) =>
    makeAlert(`n${number}`, { participant: `s${number}`, kind: "CONNECTION_LOST", severity: "notice", incident: "room.n0", raised_at: number }));
}

/** @param {import("../../../../static/js/teacher/room/types.js").Alert[]} alerts */
function listed(alerts) {
  return incidentsOf(alerts).sort(byUrgency).map((incident) => [incident.id, listOf(incident, WEIGHTS)]);
}

test("the alerts of one incident are one, the newest first; an alert from before is one of its own", () => {
  const alerts = [warning("a", { raised_at: 1 }), makeAlert("x", { incident: undefined }), warning("b", { raised_at: 5 })];
  const [incident, other] = incidentsOf(alerts);
  assert.deepEqual([incident.id, incident.since, incident.until], ["i", 1, 5]);
  assert.deepEqual(incident.alerts.map(({ id }) => id), ["b", "a"]);
  assert.deepEqual([other.id, other.alerts.length], ["x", 1]);
});

test("the worst alert speaks for an incident: by severity, then by how sure it is, then the one with a picture", () => {
  const unsure = makeAlert("p", { incident: "i", kind: "PHONE_DETECTED", numbers: { sure: 31 } });
  const sure = makeAlert("q", { incident: "i", kind: "PHONE_DETECTED", numbers: { sure: 90 }, raised_at: 1 });
  assert.equal(makeIncident([warning("a", { raised_at: 9 }), unsure, sure]).lead.id, "q");
  assert.equal(makeIncident([warning("a", { raised_at: 9 }), warning("b", { evidence: "/e/b.jpg", raised_at: 2 })]).lead.id, "b");
});

test("critical and serious is now, what weighs little can wait, what is judged or accuses nobody is noted", () => {
  assert.deepEqual(listed([makeAlert("c")]), [["c", "now"]]);
  assert.deepEqual(listed([warning("a", { kind: "PAGE_HIDDEN" })]), [["i", "now"]]);
  assert.deepEqual(listed([warning("a")]), [["i", "later"]]);
  assert.deepEqual(listed([warning("a"), warning("b")]), [["i", "now"]], "what comes again is serious");
  assert.deepEqual(listed([warning("a", { verdict: "dismissed" }), warning("b")]), [["i", "later"]], "what was wrong does not weigh");
  assert.deepEqual(listed([makeAlert("c", { verdict: "acknowledged" })]), [["c", "noted"]]);
  assert.deepEqual(listed([makeAlert("n", { severity: "notice" })]), [["n", "noted"]]);
});

test("what the whole room had at once is one incident that waits and is never urgent", () => {
  const [incident, ...others] = incidentsOf(hiccup(12));
  assert.equal(others.length, 0);
  assert.deepEqual([studentsIn(incident), incident.isOpen, listOf(incident, WEIGHTS)], [12, true, "later"]);
  assert.equal(tileAlert(hiccup(1)).unread, 0, "no tile is charged with it");
  const seen = hiccup(12).map((alert) => ({ ...alert, verdict: "acknowledged" }));
  assert.equal(listOf(makeIncident(seen), WEIGHTS), "noted");
});

test("a new alert opens a judged incident again, and what was judged no longer speaks for it", () => {
  const judged = makeAlert("c", { incident: "i", verdict: "dismissed" });
  const incident = makeIncident([judged, warning("a")]);
  assert.deepEqual([incident.verdict, incident.isAgain, incident.lead.id], ["new", true, "a"]);
  assert.deepEqual([makeIncident([judged]).verdict, makeIncident([judged]).isAgain], ["dismissed", false]);
  const notice = makeAlert("n", { incident: "i", severity: "notice" });
  assert.equal(makeIncident([judged, notice]).isOpen, false, "a notice asks for no verdict");
});

test("what waits comes by severity, sureness and age; the one critical incident stands above a hundred warnings", () => {
  const crowd = Array.from({ length: 120 }, (_one, at) => warning(`w${at}`, { incident: `w${at}`, raised_at: 1000 + at }));
  const phones = [["late", 90, 900], ["early", 90, 100], ["unsure", 35, 50]].map(([id, sure, at]) =>
    makeAlert(`${id}`, { kind: "PHONE_DETECTED", numbers: { sure }, raised_at: Number(at) }));
  const order = listed([...crowd, ...phones]).map(([id]) => id);
  assert.deepEqual(order.slice(0, 5), ["early", "late", "unsure", "w0", "w1"]);
});

test("what is noted comes with the newest first, whatever it was", () => {
  const done = [["a", 1, "critical"], ["b", 3, "warning"], ["c", 2, "critical"]].map(([id, at, severity]) =>
    makeAlert(`${id}`, { verdict: "acknowledged", raised_at: Number(at), severity: `${severity}` }));
  assert.deepEqual(listed(done).map(([id]) => id), ["b", "c", "a"]);
});

test("a card names each kind once, the worst first", () => {
  const alerts = [warning("a"), makeAlert("p", { kind: "PHONE_DETECTED" }), warning("b")];
  assert.deepEqual(kindsIn(alerts), [["PHONE_DETECTED", 1], ["LOOKING_AWAY", 2]]);
});
