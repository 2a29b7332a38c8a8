import assert from "node:assert/strict";
import test from "node:test";

import { pastOf } from "../../../../static/js/teacher/past/past.js";
import { makeAlert } from "../makers.js";

test("each flagged student has a line from the start of the exam until now", () => {
  const alerts = [
    makeAlert("later", { started_at: 600, ended_at: 700 }),
    makeAlert("first", { started_at: 100, ended_at: 350, verdict: "acknowledged" }),
    makeAlert("on", { started_at: 900, ended_at: null, participant: "bob", name: "Bob", severity: "warning" }),
  ];
  const [anna, bob] = pastOf(alerts, 100, 1100);
  assert.deepEqual(anna.marks.map(({ id, from, to, isJudged }) => [id, from, to, isJudged]), [["first", 0, 0.25, true], ["later", 0.5, 0.6, false]]);
  assert.deepEqual(bob.marks.map(({ from, to }) => [from, to]), [[0.8, 1]], "what goes on lasts until now");
});

test("notices, what was dismissed and what the whole room had flag nobody", () => {
  const alerts = [makeAlert("a", { severity: "notice" }), makeAlert("b", { verdict: "dismissed" }), makeAlert("c", { incident: "room.1" })];
  assert.deepEqual(pastOf(alerts, 0, 100), []);
});

test("who was flagged worst is first, then who was flagged most", () => {
  const make = (/** @type {string} */ who, /** @type {string} */ severity, count = 1) =>
    [...Array(count).keys()].map((at) => makeAlert(`${who}${at}`, { participant: who, name: who, severity }));
  const lines = pastOf([...make("often", "warning", 3), ...make("once", "warning"), ...make("worst", "critical")], 0, 100);
  assert.deepEqual(lines.map(({ id }) => id), ["worst", "often", "once"]);
});

test("what began before the exam, or has no length, stays on the line", () => {
  const [{ marks: [mark] }] = pastOf([makeAlert("a", { started_at: 0, ended_at: 20 })], 50, 50);
  assert.deepEqual([mark.from, mark.to], [0, 0]);
});
