import assert from "node:assert/strict";
import test from "node:test";

import { Notices } from "../../../static/js/teacher/alerts/notices.js";

/** An element, as far as notices are made of any. @returns {any} */
function fakeElement() {
  /** @type {any} */
  const element = { hidden: true, children: [], dataset: {}, setAttribute() {}, addEventListener() {} };
  element.append = (/** @type {unknown[]} */ ...children) => element.children.push(...children);
  element.replaceChildren = (/** @type {unknown[]} */ ...children) => (element.children = children);
  return element;
}

/** @returns {Notices} */
function makeNotices() {
  Object.assign(globalThis, { document: { createElement: fakeElement } });
  return new Notices(fakeElement());
}

test("what cannot be kept is shown above all else, and until it can be", () => {
  const notices = makeNotices();
  notices.setNotices(["Faces are not detected."]);
  notices.setStorage({ ok: false, text: "The disk is full.", waiting: 2 });
  assert.deepEqual([...notices.lines.values()].map((line) => [line.text, line.grave]), [
    ["Faces are not detected.", false],
    ["The disk is full.", true],
  ]);
  assert.equal(notices.root.children.length, 2);
  notices.setStorage({ ok: true, text: "", waiting: 0 });
  assert.deepEqual([...notices.lines.keys()], ["notice:Faces are not detected."]);
});

test("a server where all is well shows nothing", () => {
  const notices = makeNotices();
  notices.setStorage({ ok: true, text: "", waiting: 0 });
  assert.equal(notices.root.hidden, true);
});
