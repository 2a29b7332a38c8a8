import assert from "node:assert/strict";
import { test } from "node:test";
import { OVER, stepOf } from "../../../static/js/student/check/steps.js";
import { CONNECTION, endingOf } from "../../../static/js/student/exam/messages.js";

/** @param {Partial<import("../../../static/js/student/check/steps.js").Situation>} news */
function step(news) {
  return stepOf({ connection: "connected", problem: null, participant: "admitted", room: "running", ...news });
}

test("a student goes through check, waiting room and exam", () => {
  assert.equal(step({ connection: "connecting", participant: null, room: null }), "connecting");
  assert.equal(step({ participant: "checking", room: "running" }), "check");
  assert.equal(step({ participant: "waiting" }), "wait");
  assert.equal(step({ participant: "admitted", room: "open" }), "wait");
  assert.equal(step({}), "exam");
  assert.equal(step({ room: "paused" }), "paused");
});

test("a held exam is hidden, and an end by two teachers is told apart from a removal", () => {
  for (const standing of ["paused", "locked", "submitted"]) {
    assert.equal(step({ standing }), "held");
    assert.equal(step({ standing, room: "paused" }), "held");
  }
  assert.equal(step({ standing: "paused", room: "open" }), "wait");
  assert.equal(step({ standing: "paused", room: "ended" }), "ended");
  assert.equal(step({ standing: "terminated", participant: "removed" }), "terminated");
  assert.ok(OVER.has("terminated"));
});

test("the exam stays on screen while the connection is away", () => {
  assert.equal(step({ connection: "reconnecting" }), "exam");
  assert.equal(step({ connection: "reconnecting", problem: "room_full" }), "exam");
});

test("the endings are told apart", () => {
  assert.equal(step({ room: "ended" }), "ended");
  assert.equal(step({ participant: "removed" }), "removed");
  assert.equal(step({ participant: "left" }), "left");
  assert.equal(step({ participant: "refused" }), "refused");
  assert.equal(step({ connection: "replaced" }), "replaced");
  assert.equal(step({ connection: "refused", problem: "removed", participant: null }), "removed");
  assert.equal(step({ connection: "refused", problem: "left", participant: null }), "left");
  assert.equal(step({ connection: "refused", problem: "room_ended", participant: null }), "ended");
  assert.equal(step({ connection: "refused", problem: "ticket_invalid", participant: null }), "closed");
});

test("leaving wins over the connection that closes after it", () => {
  assert.equal(step({ connection: "closed", participant: "left" }), "left");
  assert.equal(step({ connection: "closed", participant: "removed" }), "removed");
});

test("a refusal can be taken back, so it is not the end", () => {
  assert.equal(OVER.has("refused"), false);
});

test("every ending and every connection state has words", () => {
  for (const ending of [...OVER, "refused"]) assert.ok(endingOf(ending, null)?.text, ending);
  for (const word of Object.values(CONNECTION)) assert.ok(word.short);
});

test("who has nothing more to do here finds the way to the start page", () => {
  for (const ending of ["removed", "left", "ended"]) assert.equal(endingOf(ending, null)?.action, "start", ending);
});

test("a page whose ticket is no good is sent to join again, not to load itself again", () => {
  assert.equal(endingOf("closed", "ticket_invalid")?.action, "join");
  assert.equal(endingOf("closed", "server_error")?.action, "reload");
});
