import assert from "node:assert/strict";
import test from "node:test";

import { withCount } from "../../../static/js/shared/notify.js";

test("the title carries the count and loses it again", () => {
  assert.equal(withCount("Exam", 3), "(3) Exam");
  assert.equal(withCount("Exam", 200), "(99+) Exam");
  assert.equal(withCount("Exam", 0), "Exam");
});
