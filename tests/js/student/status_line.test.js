import assert from "node:assert/strict";
import { test } from "node:test";

import { StatusLine } from "../../../static/js/student/exam/status_line.js";

function begin() {
  const root = { textContent: "", hidden: true };
  return { root, line: new StatusLine(/** @type {any} */ (root)) };
}

test("the line names the camera, and the arm where a phone tells of it", () => {
  const { root, line } = begin();
  line.show({ camera: "fine", arm: 60 });
  assert.deepEqual(root, { textContent: "camera: fine, arm: 60 %", hidden: false });
  line.show({ camera: "empty", arm: null });
  assert.equal(root.textContent, "camera: you are not in the picture");
});

test("an arm at rest is told, and a word of a newer server is shown as it is", () => {
  const { root, line } = begin();
  line.show({ camera: "foggy", arm: 0 });
  assert.equal(root.textContent, "foggy, arm: 0 %");
});

test("after the exam the line is gone", () => {
  const { root, line } = begin();
  line.show({ camera: "fine", arm: null });
  line.hide();
  assert.equal(root.hidden, true);
});
