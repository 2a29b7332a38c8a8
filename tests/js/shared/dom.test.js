import assert from "node:assert/strict";
import test from "node:test";

import { el } from "../../../static/js/shared/dom.js";

/** An element, as far as el() uses it. */
class FakeElement {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {Record<string, string>} */
    this.attributes = {};
    /** @type {Record<string, string>} */
    this.dataset = {};
    /** @type {unknown[]} */
    this.children = [];
    /** @type {string[]} */
    this.listens = [];
  }

  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes[name] = value;
  }

  addEventListener(/** @type {string} */ name) {
    this.listens.push(name);
  }

  append(/** @type {unknown[]} */ ...children) {
    this.children.push(...children);
  }
}

test.before(() => {
  Object.assign(globalThis, { document: { createElement: (/** @type {string} */ tag) => new FakeElement(tag) } });
});

/** @returns {FakeElement} */
const make = (/** @type {Parameters<typeof el>} */ ...args) => /** @type {any} */ (el(...args));

test("text stays text", () => {
  assert.deepEqual(make("p", {}, "<img src=x onerror=alert(1)>", 3).children, ["<img src=x onerror=alert(1)>", "3"]);
});

test("what is off is left out", () => {
  const button = make("button", { disabled: false, hidden: true, title: null, class: "btn" }, null, false, undefined);
  assert.deepEqual(button.attributes, { hidden: "", class: "btn" });
  assert.deepEqual(button.children, []);
});

test("a listener is a function, never a text", () => {
  assert.deepEqual(make("button", { onclick: () => {} }).listens, ["click"]);
  assert.throws(() => el("button", { onclick: "alert(1)" }));
});

test("nothing sets markup or style", () => {
  assert.throws(() => el("p", { innerHTML: "<b>" }));
  assert.throws(() => el("iframe", { srcdoc: "<b>" }));
  assert.throws(() => el("p", { style: "color: red" }));
});
