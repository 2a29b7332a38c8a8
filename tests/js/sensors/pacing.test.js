import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureSteps, STEPS } from "../../../static/js/sensors/camera/picture_steps.js";
import { ACK_TIMEOUT_MS, Pacer } from "../../../static/js/sensors/camera/pacing.js";

function running(fps = 2) {
  const pacer = new Pacer();
  pacer.obey({ fps, width: 480, quality: 0.6 });
  pacer.run(true);
  return pacer;
}

test("nothing is due before the server asks, and nothing at 0 pictures a second", () => {
  const pacer = new Pacer();
  pacer.run(true);
  assert.equal(pacer.wait(0), Infinity);
  pacer.obey({ fps: 2, width: 480, quality: 0.6 });
  assert.equal(pacer.wait(0), 0);
  pacer.obey({ fps: 0, width: 480, quality: 0.6 });
  assert.equal(pacer.wait(0), Infinity);
});

test("nothing is due while there is no connection", () => {
  const pacer = running();
  pacer.run(false);
  assert.equal(pacer.wait(0), Infinity);
});

test("the next picture waits for the answer to the last", () => {
  const pacer = running();
  pacer.taken(1000);
  assert.equal(pacer.wait(2000), ACK_TIMEOUT_MS - 1000);
  pacer.acked(2000);
  assert.equal(pacer.wait(2000), 0);
});

test("an answer that never comes holds the next picture for five seconds only", () => {
  const pacer = running();
  pacer.taken(1000);
  assert.equal(pacer.wait(1000 + ACK_TIMEOUT_MS), 0);
});

test("pictures keep the beat of the plan although answers take time", () => {
  const pacer = running(2);
  pacer.taken(1000);
  pacer.acked(1100);
  assert.equal(pacer.wait(1100), 400);
  pacer.taken(1510); // ten late
  pacer.acked(1600);
  assert.equal(pacer.wait(1600), 400); // the next is still due at 2000
});

test("a gap is not made up for with a burst", () => {
  const pacer = running(10);
  pacer.taken(1000);
  pacer.acked(3000);
  pacer.taken(3000);
  pacer.acked(3010);
  assert.equal(pacer.wait(3010), 90);
});

test("a server that asks for a pause gets it", () => {
  const pacer = running(10);
  pacer.taken(1000);
  pacer.refused(1010, 2);
  assert.equal(pacer.wait(1010), 2000);
});

test("a reconnect forgets the picture under way", () => {
  const pacer = running(10);
  pacer.taken(1000);
  pacer.run(false);
  pacer.run(true);
  assert.equal(pacer.wait(1200), 0);
});

test("slow answers lower the picture step by step, fast ones raise it again", () => {
  const steps = new PictureSteps();
  for (let i = 0; i < 3; i += 1) steps.answered(2400, 500);
  assert.equal(steps.level, 1);
  for (let i = 0; i < 3; i += 1) steps.answered(1600, 500);
  assert.equal(steps.level, 2);
  for (let i = 0; i < 30; i += 1) steps.answered(100, 500);
  assert.equal(steps.level, 1);
});

test("a far-away server is not answered with ever smaller pictures", () => {
  const steps = new PictureSteps();
  for (let i = 0; i < 6; i += 1) steps.answered(700, 100);
  assert.equal(steps.level, 0);
  for (let i = 0; i < 30; i += 1) steps.answered(700, 100);
  assert.equal(steps.level, 0, "and it is not tried again at once");
});

test("the lowest step is kept on a line that stays too slow", () => {
  const steps = new PictureSteps();
  for (let i = 0; i < 60; i += 1) steps.answered(5000, 500);
  assert.equal(steps.level, STEPS.length - 1);
});

test("a lowered picture is smaller, but never too small to show a face", () => {
  const pacer = running();
  pacer.steps.level = STEPS.length - 1;
  assert.equal(pacer.width, 240);
  assert.ok(pacer.quality >= 0.3);
  pacer.obey({ fps: 1, width: 200, quality: 0.1 });
  assert.equal(pacer.width, 160);
  assert.equal(pacer.quality, 0.3);
});
