import assert from "node:assert/strict";
import test from "node:test";

import { readPlan, seatBeside, seated, swapped } from "../../../../static/js/teacher/seats/seats.js";

const people = ["anna", "bob", "lea"].map((id) => ({ id }));

test("a plan seats those it knows, and the others after them as they came", () => {
  assert.deepEqual(seated(people, ["lea"]).map(({ id }) => id), ["lea", "anna", "bob"]);
  assert.deepEqual(seated(people, []), people);
});

test("two students change places and nobody else moves", () => {
  assert.deepEqual(swapped(["a", "b", "c", "d"], "a", "d"), ["d", "b", "c", "a"]);
  assert.deepEqual(swapped(["a", "b"], "a", "gone"), ["a", "b"]);
});

test("arrows lead to the seat beside, and not out of the room", () => {
  assert.equal(seatBeside(0, "ArrowRight", 3, 5), 1);
  assert.equal(seatBeside(1, "ArrowDown", 3, 5), 4);
  assert.equal(seatBeside(2, "ArrowDown", 3, 5), null);
  assert.equal(seatBeside(0, "ArrowLeft", 3, 5), null);
  assert.equal(seatBeside(0, "Enter", 3, 5), null);
});

test("a plan that was spoilt is none", () => {
  assert.deepEqual(readPlan('["a", "b"]'), ["a", "b"]);
  for (const text of ["", "{", "null", '{"a": 1}']) assert.deepEqual(readPlan(text), [], text);
  assert.deepEqual(readPlan('["a", 3, null]'), ["a"]);
});
