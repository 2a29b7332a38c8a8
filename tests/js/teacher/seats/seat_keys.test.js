import assert from "node:assert/strict";
import test from "node:test";

import { letterOf, placeOf, seatAt } from "../../../../static/js/teacher/seats/seat_keys.js";

test("two letters lead to any of two hundred students", () => {
  const columns = 20;
  for (let seat = 0; seat < 200; seat += 1) {
    const [row, column] = [letterOf(Math.floor(seat / columns)), letterOf(seat % columns)];
    const found = seatAt(place(row), place(column.toLowerCase()), columns, 200);
    assert.equal(found, seat, `${row} ${column}`);
  }
});

test("where nobody sits the letters lead nowhere", () => {
  assert.equal(seatAt(0, 8, 8, 40), null, "beyond the last column");
  assert.equal(seatAt(4, 7, 8, 39), null, "an empty seat in the last row");
});

test("letters count by their sign, and by their place where a keyboard writes no Latin ones", () => {
  assert.equal(placeOf({ key: "q", code: "KeyA" }), 16, "AZERTY");
  assert.equal(placeOf({ key: "Ф", code: "KeyA" }), 0, "Cyrillic");
  for (const key of ["Shift", "1", "é", "Enter", " "]) assert.equal(placeOf({ key, code: "KeyA" }), null, key);
});

/** @param {string} key */
function place(key) {
  return placeOf({ key, code: "" }) ?? -1;
}
