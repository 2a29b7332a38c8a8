import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameTiming } from "../../../static/js/sensors/camera/frame_timing.js";
import { sourceOf } from "../../../static/js/sensors/camera/source_report.js";

/** @param {number[]} gaps */
function timed(gaps) {
  const timing = new FrameTiming();
  let at = 5000;
  timing.add(at);
  for (const gap of gaps) timing.add((at += gap));
  return timing.read();
}

test("an even stream has no jitter, a real camera has some", () => {
  assert.deepEqual(timed(Array(30).fill(40)), { fps: 25, jitter: 0 });
  const real = timed(Array.from({ length: 30 }, (_, at) => (at % 2 ? 38 : 42)));
  assert.equal(real?.jitter, 2);
});

test("too few frames tell nothing, and a pause begins anew", () => {
  assert.equal(timed([40, 40]), null);
  assert.equal(timed([...Array(30).fill(40), 5000, 40]), null);
});

test("what was not measured is not made up", () => {
  const settings = { width: 640, height: 480, frameRate: 15 };
  const track = /** @type {any} */ ({ label: "Camera", getSettings: () => settings });
  assert.deepEqual(sourceOf(track, null), { label: "Camera", width: 640, height: 480, fps: 15, jitter_ms: null });
  assert.equal(sourceOf(track, { fps: 14.97, jitter: 1.23456 }).jitter_ms, 1.235);
});
