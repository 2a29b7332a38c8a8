import assert from "node:assert/strict";
import test from "node:test";

import { Witness } from "../../../static/js/student/witness.js";

/** A storage whose keys are listed as the browser's are. @param {number} [most] characters */
function storage(most = Infinity) {
  return /** @type {any} */ (Object.defineProperties({}, {
    getItem: { value: /** @param {string} name */ function (name) { return this[name] ?? null; } },
    setItem: { value: /** @param {string} name @param {string} text */ function (name, text) {
      if (text.length > most) throw new Error("full");
      this[name] = text;
    } },
    removeItem: { value: /** @param {string} name */ function (name) { delete this[name]; } },
  }));
}

/** @param {number} size */
const checkpoint = (size) => ({ size, note: `note ${size}\n`, key: "school+00000000+key" });

test("checkpoints are kept across a reload, in the order of their size", () => {
  const kept = storage();
  for (const size of [2, 10, 5]) new Witness("r1", kept).take(checkpoint(size));
  assert.equal(new Witness("r1", kept).count, 3);
  assert.equal(new Witness("r1", kept).text(), "note 2\nnote 5\nnote 10\n");
  assert.equal(new Witness("r2", kept).count, 0);
});

test("what was kept first stays: a server may not take it back", () => {
  const witness = new Witness("r1", storage());
  witness.take(checkpoint(2));
  witness.take({ ...checkpoint(2), note: "another story\n" });
  assert.equal(witness.text(), "note 2\n");
});

test("rooms of long ago are let go of", () => {
  const kept = storage();
  for (let at = 0; at < 7; at += 1) new Witness(`r${at}`, kept).take(checkpoint(1), at);
  assert.deepEqual(Object.keys(kept).sort(), [2, 3, 4, 5, 6].map((at) => `exam-witness-r${at}`));
});

test("a browser without storage goes on", () => {
  const witness = new Witness("r1", storage(10));
  witness.take(checkpoint(2));
  assert.deepEqual([witness.count, witness.text()], [0, ""]);
});
