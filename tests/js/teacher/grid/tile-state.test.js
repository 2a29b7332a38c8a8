import assert from "node:assert/strict";
import test from "node:test";

import { THUMBNAIL_STALE_AFTER_MS, tileAlert, tileState } from "../../../../static/js/teacher/grid/tile_state.js";
import { makeAlert, makeParticipant } from "../makers.js";

const LONG = 60_000;

/**
 * @param {Partial<import("../../../../static/js/teacher/room/types.js").Participant>} given
 * @param {number | null} [age]
 * @param {number} [watched]
 */
function state(given, age = 100, watched = LONG) {
  return tileState(makeParticipant("anna", given), age, watched);
}

test("a fresh picture is live", () => {
  assert.equal(state({}).name, "live");
});

test("a picture of more than three seconds is stale and says its age", () => {
  assert.equal(state({}, 3000).name, "live");
  assert.deepEqual(state({}, 12_000), { name: "stale", label: "12 s ago", sign: "clock-history" });
  assert.equal(state({}, 240_000).label, "4 min ago");
});

test("a thumbnail, which comes one in three seconds, is stale after nine", () => {
  const of = (/** @type {number} */ age) => tileState(makeParticipant("anna"), age, LONG, THUMBNAIL_STALE_AFTER_MS).name;
  assert.deepEqual([of(8900), of(9100)], ["live", "stale"]);
});

test("pictures that nobody asked for yet are not late", () => {
  assert.equal(state({}, null, 500).name, "starting");
  assert.equal(state({}, 50_000, 500).name, "starting");
  assert.equal(state({}, null, LONG).name, "stale");
});

test("the most pressing state wins", () => {
  assert.equal(state({ state: "removed", online: false }).name, "gone");
  assert.equal(state({ online: false, camera: "unplugged", picture: "dark" }).name, "offline");
  assert.equal(state({ state: "waiting", picture: "dark" }).name, "waiting");
  assert.equal(state({ state: "checking" }).name, "checking");
  assert.equal(state({ state: "checking", camera: "denied" }).label, "Camera not allowed");
  assert.equal(state({ camera: "unplugged", picture: "dark" }, 9000).name, "camera");
  assert.equal(state({ picture: "dark", page: "hidden" }).name, "blind");
  assert.equal(state({ page: "hidden" }).name, "hidden");
});

test("what cannot be seen is named", () => {
  const labels = ["dark", "overexposed", "blurred", "covered", "frozen"].map((picture) => state({ picture }).label);
  assert.deepEqual(labels, ["Too dark", "Too bright", "Blurred", "Camera covered", "Picture frozen"]);
  assert.equal(state({ picture: "unknown" }).name, "live");
});

test("a tile shows the gravest open alert and counts what waits for a verdict", () => {
  const alerts = [
    makeAlert("old", { ended_at: 9 }),
    makeAlert("warning", { severity: "warning", raised_at: 9 }),
    makeAlert("critical", { severity: "critical", raised_at: 5 }),
    makeAlert("wrong", { verdict: "dismissed", raised_at: 99 }),
    makeAlert("dark", { severity: "notice", kind: "CAMERA_BLOCKED" }),
  ];
  const { alert, unread } = tileAlert(alerts);
  assert.equal(alert?.id, "critical");
  assert.equal(unread, 3);
});

test("a notice is no violation: it never waits for a verdict on the tile", () => {
  assert.equal(tileAlert([makeAlert("a", { severity: "notice" })]).unread, 0);
});
