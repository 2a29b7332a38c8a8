import assert from "node:assert/strict";
import test from "node:test";

import { TopBar } from "../../../static/js/teacher/room/top_bar.js";

/** An element, as far as the bar is made of any. @returns {any} */
function fakeElement() {
  /** @type {any} */
  const element = { hidden: true, title: "", children: [], dataset: {}, setAttribute() {}, addEventListener() {} };
  element.append = (/** @type {unknown[]} */ ...children) => element.children.push(...children);
  element.replaceChildren = (/** @type {unknown[]} */ ...children) => (element.children = children);
  return element;
}

/** @returns {TopBar} */
function makeBar() {
  Object.assign(globalThis, { document: { createElement: fakeElement, documentElement: { lang: "en" } } });
  return Object.assign(Object.create(TopBar.prototype), { pace: fakeElement() });
}

const PHONES = { text: "Phones are checked every %(seconds)s s instead of %(usual)s s.", numbers: { seconds: 6, usual: 2 } };
const HEADS = { text: "Heads every %(seconds)s s.", numbers: { seconds: 3 } };

test("looks that come too seldom are said in words, the gravest first and all of them on demand", () => {
  const bar = makeBar();
  bar.setPace([PHONES, HEADS]);
  assert.equal(bar.pace.hidden, false);
  assert.equal(bar.pace.title, "Phones are checked every 6 s instead of 2 s.\nHeads every 3 s.");
  assert.ok(JSON.stringify(bar.pace.children).includes("Phones are checked every 6 s instead of 2 s."));
});

test("where all looks come in time the bar says nothing", () => {
  const bar = makeBar();
  bar.setPace([PHONES]);
  bar.setPace([]);
  assert.equal(bar.pace.hidden, true);
});
