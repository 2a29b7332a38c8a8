import assert from "node:assert/strict";
import test from "node:test";

import { checkTroubles, isUnlike, wasLookedAt } from "../../../static/js/teacher/waiting/check_result.js";
import { SETTLE_MS, Watch } from "../../../static/js/teacher/grid/watch.js";
import { learnRoles } from "../../../static/js/shared/phone_roles.js";
import { ARM, makeParticipant } from "./makers.js";

learnRoles([ARM]);

/** @param {any} given */
function troubles(given) {
  return checkTroubles(makeParticipant("anna", { state: "waiting", ...given }));
}

/** @param {any} given */
function phone(given) {
  return { role: "arm", required: true, state: "connected", healthy: true, problems: [], ...given };
}

test("who passed the check has no troubles", () => {
  assert.deepEqual(troubles({}), []);
  assert.deepEqual(troubles({ microphone: "on", phones: [phone({})], conditions: { place: { state: "inside" } } }), []);
});

test("what failed in the check is told, one line for each", () => {
  assert.deepEqual(troubles({ camera: "denied", picture: "unknown", faces: null }), ["Camera not allowed"]);
  assert.deepEqual(troubles({ picture: "dark", faces: 0 }), ["Too dark"], "in the dark nobody is seen, which says nothing more");
  assert.deepEqual(troubles({ faces: 0 }), ["No face was found"]);
  assert.deepEqual(troubles({ faces: 2, microphone: "denied" }), ["Several faces", "Microphone not allowed"]);
  assert.deepEqual(troubles({ conditions: { place: { state: "outside" } } }), ["Elsewhere"]);
  assert.deepEqual(troubles({ phones: [phone({ state: "lost", healthy: false })] }), ["Phone on the arm: Lost"]);
});

test("what could not be looked at, or may be left out, is no trouble", () => {
  assert.deepEqual(troubles({ picture: "unknown", faces: null, online: false }), []);
  assert.deepEqual(troubles({ phones: [phone({ required: false, state: "missing", healthy: false })], conditions: { place: { state: "unknown" } } }), []);
  assert.equal(wasLookedAt(makeParticipant("anna", { picture: "unknown", faces: null })), false);
  assert.equal(wasLookedAt(makeParticipant("anna")), true);
});

test("whoever is unlike the photo is a trouble of its own", () => {
  const other = { identity: "mismatch", reference: "photo" };
  assert.deepEqual(troubles(other), ["Does not look like the teacher's photo"]);
  assert.equal(isUnlike(makeParticipant("anna", { identity: "mismatch", reference: "check" })), false);
});

test("the rows of the waiting room that are seen are watched beside the grid, each once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  const watch = new Watch(async (_event, payload) => void asked.push(payload.participants));
  watch.show(["anna", "bob"]);
  watch.showWaiting(["bob", "cleo"]);
  context.mock.timers.tick(SETTLE_MS);
  assert.deepEqual(asked, [["anna", "bob", "cleo"]]);
  watch.showWaiting([]);
  context.mock.timers.tick(SETTLE_MS);
  assert.deepEqual(asked.at(-1), ["anna", "bob"]);
});
