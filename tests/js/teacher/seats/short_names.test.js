import assert from "node:assert/strict";
import test from "node:test";

import { shortNames } from "../../../../static/js/teacher/seats/short_names.js";

/** @param {string[]} names @param {number} most */
const shown = (names, most) => shortNames(names, most).map((lines) => lines.join("|"));

test("a name that fits stands in one line, a longer one in two", () => {
  assert.deepEqual(shown(["Léa Dubois"], 12), ["Léa Dubois|"]);
  assert.deepEqual(shown(["Léa Dubois", "Anna Maria Kowalska"], 10), ["Léa Dubois|", "Anna Maria|Kowalska"]);
  assert.deepEqual(shown(["Wolfeschlegelstein"], 8), ["Wolfesc…|"]);
});

test("names that would read alike show where they differ", () => {
  assert.deepEqual(shown(["Anna Kowalska", "Anna Kowalczyk"], 7), ["Anna|Kowals…", "Anna|Kowalc…"]);
  assert.deepEqual(shown(["Eva Wolfenstein", "Eva Wolfensteiger"], 8), ["Eva|Wol…tein", "Eva|Wol…iger"]);
});

test("whatever the names, no line is too long and different students read differently", () => {
  const first = ["Anna", "Anna-Maria", "Al", "Bartholomew", "X"];
  const last = ["Kowalska", "Kowalczyk", "Kowalczyk-Nowak", "Kowalczyk-Novak", "K", "Li"];
  const names = first.flatMap((one) => last.map((other) => `${one} ${other}`));
  for (const most of [4, 5, 6, 7, 8, 10, 14, 30]) {
    const lines = shortNames(names, most);
    for (const line of lines.flat()) assert.ok([...line].length <= most, `${line} in ${most}`);
    assert.equal(new Set(lines.map((pair) => pair.join("\n"))).size, names.length, `${most}: ${lines.join(" / ")}`);
  }
});

test("two students of one name have numbers", () => {
  assert.deepEqual(shown(["Li Wei", "Li Wei"], 12), ["Li Wei 1|", "Li Wei 2|"]);
});
