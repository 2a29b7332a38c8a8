// What a phone sends to `app.py record-arm`: in order, each batch once more where it did not arrive.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Recorder } from "../../../static/js/phone/recorder.js";

/** @param {(path: string) => any} answer null for no network, {status: false} for a refusal */
function recorder(answer) {
  const seen = /** @type {string[]} */ ([]);
  const told = /** @type {unknown[]} */ ([]);
  const post = async (/** @type {string} */ path) => {
    seen.push(path);
    const given = answer(path);
    if (given === null) throw new TypeError("no network");
    return { ok: given.ok ?? true, json: async () => given };
  };
  const made = new Recorder(post, { onKept: (one) => told.push(one), onLost: () => told.push("lost") });
  return { made, seen, told };
}

const batch = (/** @type {number} */ at) => ({ at, data: new ArrayBuffer(16) });

test("batches go out in their order, under the recording's name", async () => {
  const { made, seen, told } = recorder((path) => (path === "begin" ? { name: "walk-p1" } : { rows: 1, seconds: 0, kept: "a" }));
  await made.send(batch(1)); // nothing is recorded yet
  assert.equal(await made.begin(), true);
  await Promise.all([made.send(batch(5)), made.send(batch(6))]);
  assert.equal(await made.end(), "a");
  assert.deepEqual(seen, ["begin", "readings/walk-p1?at=5", "readings/walk-p1?at=6", "end"]);
  assert.equal(told.length, 2);
});

test("what did not arrive is sent again with the next batch", async () => {
  let isUp = true;
  const { made, seen, told } = recorder(() => (isUp ? { name: "n", rows: 1, seconds: 0, kept: null } : null));
  await made.begin();
  isUp = false;
  await made.send(batch(1));
  isUp = true;
  await made.send(batch(2));
  assert.deepEqual(seen.slice(1), ["readings/n?at=1", "readings/n?at=1", "readings/n?at=2"]);
  assert.equal(told[0], "lost");
  assert.equal(await made.end(), null);
});

test("a computer that is not there begins nothing", async () => {
  const { made } = recorder(() => null);
  assert.equal(await made.begin(), false);
  assert.equal(await made.end(), undefined);
});
