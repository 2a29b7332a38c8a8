import assert from "node:assert/strict";
import test from "node:test";

import { needsOf } from "../../../../static/js/teacher/needs/needs.js";
import { incidentsOf } from "../../../../static/js/teacher/incidents/incidents.js";
import { makeAlert, makeParticipant } from "../makers.js";

const RUNNING = { isRunning: true, isOfOthers: () => false };

/**
 * @param {any[]} people
 * @param {any[]} [alerts]
 * @param {Partial<typeof RUNNING>} [room]
 */
function needs(people, alerts = [], room = {}) {
  return needsOf(people, incidentsOf(alerts), { ...RUNNING, ...room }).map(({ id, reason }) => `${id} ${reason}`);
}

/** @param {number} since @param {any} [given] */
const hand = (since, given = {}) => ({ reason: "question", since, seen_by: "", break_since: null, ...given });

test("critical incidents come before hands, and hands before who cannot be seen; of alike who waits longest", () => {
  const people = [
    makeParticipant("dark", { picture: "dark" }),
    makeParticipant("late", { hand: hand(9) }),
    makeParticipant("early", { hand: hand(5) }),
    makeParticipant("phone"),
    makeParticipant("calm"),
  ];
  assert.deepEqual(needs(people, [makeAlert("a", { participant: "phone" })]), ["phone critical", "early hand", "late hand", "dark blind"]);
});

test("who needs somebody for two reasons stands there once", () => {
  const both = makeParticipant("anna", { hand: hand(5), picture: "dark" });
  assert.deepEqual(needs([both], [makeAlert("a")]), ["anna critical"]);
  assert.deepEqual(needs([both]), ["anna hand"]);
});

test("a warning, a verdict, another teacher's incident and what the whole room had need nobody now", () => {
  const anna = makeParticipant("anna");
  assert.deepEqual(needs([anna], [makeAlert("a", { severity: "warning" })]), []);
  assert.deepEqual(needs([anna], [makeAlert("a", { verdict: "acknowledged" })]), []);
  assert.deepEqual(needs([anna], [makeAlert("a", { incident: "room.7" })]), []);
  assert.deepEqual(needs([anna], [makeAlert("a")], { isOfOthers: () => true }), []);
});

test("a hand that was seen, a break, an exam that does not run and who left ask for nobody", () => {
  assert.deepEqual(needs([makeParticipant("a", { hand: hand(5, { seen_by: "Marie" }) })]), []);
  assert.deepEqual(needs([makeParticipant("a", { picture: "dark", hand: hand(5, { reason: null, break_since: 7 }) })]), []);
  assert.deepEqual(needs([makeParticipant("a", { picture: "dark" })], [], { isRunning: false }), []);
  assert.deepEqual(needs([makeParticipant("a", { picture: "dark", state: "waiting" })]), []);
  assert.deepEqual(needs([makeParticipant("anna", { state: "removed" })], [makeAlert("a")]), []);
});
