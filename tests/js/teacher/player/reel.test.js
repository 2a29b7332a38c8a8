import assert from "node:assert/strict";
import test from "node:test";

import { besides, holeAt, pictureAt, reelOf, scaled } from "../../../../static/js/teacher/player/reel.js";

const RAISED = 1_700_000_020_000;

/** @param {number} at @param {string} [channel] @param {Partial<import("../../../../static/js/teacher/player/reel.js").Manifest["pictures"][0]>} [more] */
function picture(at, channel = "webcam", more = {}) {
  return { name: `${channel}${at}`, channel, received_ms: RAISED + at, width: 320, height: 240, sha256: `${channel}${at}`, ...more };
}

/** @param {Partial<import("../../../../static/js/teacher/player/reel.js").Manifest>} [more] */
function manifest(more = {}) {
  return {
    window: { begin_ms: RAISED - 20_000, end_ms: RAISED + 10_000 },
    alert: { raised_ms: RAISED, channel: "webcam", marks: [], shown_by_sha256: null },
    pictures: [picture(-2000, "head"), picture(-1000), picture(500), picture(700, "webcam", { width: 640 })],
    gaps: [{ channel: "webcam", begin_ms: RAISED - 20_000, end_ms: RAISED - 1000, why: "none_came" }],
    thinned: 0,
    unseen: [{ channel: "head", begin_ms: RAISED, end_ms: RAISED + 2000, state: "dark" }],
    ...more,
  };
}

test("times are told from the alert on, and the camera of the alert stands first", () => {
  const reel = reelOf(manifest());
  assert.deepEqual([reel.begin, reel.end, reel.raised], [-20_000, 10_000, RAISED]);
  assert.deepEqual(reel.tracks.map(({ channel }) => channel), ["webcam", "head"]);
  assert.deepEqual(reel.gaps, [{ channel: "webcam", begin: -20_000, end: -1000, why: "none_came" }]);
  assert.deepEqual(reel.unseen, [{ channel: "head", begin: 0, end: 2000, why: "dark" }]);
});

test("each moment has the newest picture, and none before the first", () => {
  const [webcam] = reelOf(manifest()).tracks;
  assert.equal(pictureAt(webcam, -1001), null);
  assert.equal(pictureAt(webcam, -1000)?.name, "webcam-1000");
  assert.equal(pictureAt(webcam, 699)?.name, "webcam500");
  assert.equal(pictureAt(webcam, 10_000)?.name, "webcam700");
});

test("a hole belongs to its camera", () => {
  const { gaps } = reelOf(manifest());
  assert.equal(holeAt(gaps, "webcam", -5000)?.why, "none_came");
  assert.equal(holeAt(gaps, "head", -5000), null);
  assert.equal(holeAt(gaps, "webcam", -1000), null, "there a picture came");
});

test("one step goes to the next picture of any camera, or to the end", () => {
  const reel = reelOf(manifest());
  assert.equal(besides(reel, -20_000, 1), -2000);
  assert.equal(besides(reel, -2000, 1), -1000);
  assert.equal(besides(reel, -1000, -1), -2000);
  assert.equal(besides(reel, 700, 1), 10_000);
  assert.equal(besides(reel, -2000, -1), -20_000);
});

test("boxes fit pictures of another size", () => {
  const marks = [["phone", 10, 20, 30, 40]];
  assert.equal(reelOf(manifest()).marked, null);
  const alert = { ...manifest().alert, marks, shown_by_sha256: "webcam700" };
  assert.deepEqual(reelOf(manifest({ alert })).marked, { channel: "webcam", width: 640 });
  const thinned = { ...alert, shown_by_sha256: "not kept" };
  assert.deepEqual(reelOf(manifest({ alert: thinned })).marked, { channel: "webcam", width: 320 }, "the last one before the alert");
  assert.deepEqual(scaled([["phone", 10, 20, 30, 40]], 320, 640), [["phone", 20, 40, 60, 80]]);
});
