import assert from "node:assert/strict";
import test from "node:test";

import { gapWords, isPlayable, momentWords, playableOf, stateWords, stillWords, unseenWords } from "../../../../static/js/teacher/player/capsule_words.js";
import { makeAlert } from "../makers.js";

const SEALED = { state: "sealed", why: "", address: "/rooms/r1/capsules/a1.zip" };

test("only what is sealed can be played", () => {
  assert.ok(isPlayable(makeAlert("a1", { capsule: SEALED })));
  for (const capsule of [null, { state: "pending" }, { state: "failed", why: "x" }]) assert.ok(!isPlayable(makeAlert("a1", { capsule })));
});

test("an incident plays its lead, or another alert of it", () => {
  const lead = makeAlert("a1");
  const other = makeAlert("a2", { capsule: SEALED });
  const incident = /** @type {any} */ ({ lead, alerts: [other, lead] });
  assert.equal(playableOf(incident)?.id, "a2");
  lead.capsule = SEALED;
  assert.equal(playableOf(incident)?.id, "a1");
});

test("moments are told from the alert", () => {
  assert.equal(momentWords(-12_340), "12.3 s before the alert");
  assert.equal(momentWords(3000), "3 s after the alert");
  assert.equal(momentWords(-40), "at the alert");
});

test("what is missing is told, and whose doing it was", () => {
  const hole = { channel: "webcam", begin: -5000, end: 2000, why: "none_came" };
  assert.equal(gapWords(hole), "Computer: no picture came, from 5 s before the alert to 2 s after the alert.");
  assert.match(gapWords({ ...hole, why: "thinned" }), /the server kept no picture/);
  assert.match(unseenWords({ ...hole, why: "dark" }), /nothing could be judged \(Too dark\)/);
  assert.equal(stillWords(null), "");
  assert.notEqual(stillWords(hole), stillWords({ ...hole, why: "thinned" }));
});

test("each state has its words, and a failure its reason", () => {
  const said = ["pending", "empty", "erased"].map((state) => stateWords({ state }));
  assert.equal(new Set(said).size, 3);
  assert.equal(stateWords({ state: "failed", why: "The disk is full." }), "The disk is full.");
});
