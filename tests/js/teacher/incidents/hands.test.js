import assert from "node:assert/strict";
import { test } from "node:test";
import { handsOf, wordsOf } from "../../../../static/js/teacher/incidents/hands.js";
import { makeParticipant } from "../makers.js";

const DOWN = { reason: null, since: null, seen_by: "", break_since: null };

test("who asked first is first, breaks come last, and nobody else is listed", () => {
  const all = [
    makeParticipant("quiet", { hand: DOWN }),
    makeParticipant("break", { hand: { ...DOWN, break_since: 1 } }),
    makeParticipant("later", { hand: { ...DOWN, reason: "question", since: 9 } }),
    makeParticipant("first", { hand: { ...DOWN, reason: "break", since: 5 } }),
    makeParticipant("old server"),
  ];
  assert.deepEqual(handsOf(all).map(({ id }) => id), ["first", "later", "break"]);
});

test("the words say why, for how long, and who has seen it", () => {
  const asks = (/** @type {object} */ news) => wordsOf(makeParticipant("a", { hand: { ...DOWN, ...news } }), 200_000);
  assert.equal(asks({ reason: "question", since: 190_000 }), "has a question");
  assert.equal(asks({ reason: "technical", since: 60_000 }), "says that something does not work, for 2 min");
  assert.equal(asks({ reason: "other", since: 200_000, seen_by: "Ana" }), "asks for you (seen by Ana)");
  assert.equal(asks({ break_since: 20_000 }), "On a break for 3 min");
});
