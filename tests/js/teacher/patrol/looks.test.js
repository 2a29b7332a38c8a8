import assert from "node:assert/strict";
import test from "node:test";

import { evenness, leastLookedAt, readLooks } from "../../../../static/js/teacher/patrol/looks.js";

test("the patrol goes to whom was looked at least, of alike to the first", () => {
  const looks = new Map([["a", 9], ["b", 2]]);
  assert.equal(leastLookedAt(["a", "b", "c", "d"], looks, null), "c");
  assert.equal(leastLookedAt(["a", "b"], looks, null), "b");
  assert.equal(leastLookedAt(["a", "b"], looks, "b"), "a", "the one who is looked at now is not next");
  assert.equal(leastLookedAt(["a"], looks, "a"), "a");
  assert.equal(leastLookedAt([], looks, null), null);
});

test("led by the patrol, nobody is ever looked at for longer than one stop more than another", () => {
  const ids = [...Array(40).keys()].map(String);
  const looks = new Map();
  let now = null;
  for (let stop = 0; stop < 500; stop += 1) {
    now = leastLookedAt(ids, looks, now);
    looks.set(now, (looks.get(now) ?? 0) + 6);
    const { least, most } = evenness(ids, looks);
    assert.ok(most - least <= 6, `after ${stop} stops`);
  }
});

test("what was kept of looks and was spoilt is left out", () => {
  assert.deepEqual([...readLooks('{"a": 3, "b": "x", "c": -1}')], [["a", 3]]);
  for (const text of ["", "{", "null"]) assert.equal(readLooks(text).size, 0, text);
});
