import assert from "node:assert/strict";
import { test } from "node:test";

import { newestToAll } from "../../../static/js/student/chat/announcement.js";
import { Hints, SHOWN_MS } from "../../../static/js/student/exam/hints.js";
import { Memory } from "../../../static/js/student/exam/memory.js";

/** An element, as far as hints use it. */
class FakeElement {
  isHeld = false;
  dataset = {};
  /** @type {any[]} */
  children = [];
  /** @type {any} */
  parent = null;

  setAttribute() {}
  addEventListener() {}
  matches() {
    return this.isHeld;
  }
  append(/** @type {any[]} */ ...children) {
    for (const child of children) if (child instanceof FakeElement) child.parent = this;
    this.children.push(...children);
  }
  remove() {
    this.parent.children = this.parent.children.filter((/** @type {any} */ one) => one !== this);
  }
}

function begin() {
  globalThis.document = /** @type {any} */ ({ createElement: () => new FakeElement() });
  const root = new FakeElement();
  /** @type {{run: () => void, at: number}[]} */
  let waiting = [];
  let now = 0;
  const hints = new Hints(/** @type {any} */ (root), (run, ms) => waiting.push({ run, at: now + ms }));
  const wait = (/** @type {number} */ ms) => {
    now += ms;
    const due = waiting.filter(({ at }) => at <= now);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { run } of due) run();
  };
  return { hints, root, wait };
}

test("a hint goes by itself after twenty seconds", () => {
  const { hints, root, wait } = begin();
  hints.take({ kind: "dark", text: "Too dark." });
  wait(SHOWN_MS - 1);
  assert.equal(root.children.length, 1);
  wait(1);
  assert.equal(root.children.length, 0);
  assert.equal(SHOWN_MS, 20_000);
});

test("a hint that is said anew stays for its own twenty seconds", () => {
  const { hints, root, wait } = begin();
  hints.take({ kind: "dark", text: "Too dark." });
  wait(15_000);
  hints.take({ kind: "dark", text: "Still too dark." });
  wait(15_000);
  assert.equal(root.children.length, 1);
  hints.take({ kind: "dark", over: true });
  assert.equal(root.children.length, 0);
  wait(60_000);
});

test("a hint that is being read stays until it is not", () => {
  const { hints, root, wait } = begin();
  hints.take({ kind: "dark", text: "Too dark." });
  root.children[0].isHeld = true;
  wait(30_000);
  wait(30_000);
  assert.equal(root.children.length, 1);
  root.children[0].isHeld = false;
  wait(5000);
  assert.equal(root.children.length, 0);
});

/** @param {number} id @param {string} kind @returns {any} */
function message(id, kind) {
  return { id, to: { kind }, text: `Message ${id}` };
}

test("the newest words to everybody are shown that were not closed", () => {
  const messages = [message(3, "all"), message(9, "student"), message(7, "all"), message(5, "all")];
  assert.equal(newestToAll(messages, 0)?.id, 7);
  assert.equal(newestToAll(messages, 7), null);
  assert.equal(newestToAll([], 0), null);
});

test("what was closed stays closed after a reload", () => {
  const kept = new Map();
  const storage = /** @type {any} */ ({ getItem: (/** @type {string} */ name) => kept.get(name) ?? null, setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value) });
  assert.equal(new Memory("ann", storage).announced, null);
  new Memory("ann", storage).announced = 7;
  assert.equal(new Memory("ann", storage).announced, 7);
});
