import assert from "node:assert/strict";
import { test } from "node:test";
import { codeShown } from "../../../static/js/pages/landing.js";
import { pageState } from "../../../static/js/sensors/page.js";
import { Memory } from "../../../static/js/student/exam/memory.js";

/** @returns {any} */
function makeStorage() {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value),
  };
}

test("a code is six digits however it was typed or pasted", () => {
  assert.equal(codeShown("123456"), "123 456");
  assert.equal(codeShown(" 123-456\n"), "123 456");
  assert.equal(codeShown("Code: 12 34 56 78"), "123 456");
  assert.equal(codeShown("１２３４５６"), "123 456");
  assert.equal(codeShown("12a"), "12");
});

test("hidden, blurred and visible are three things", () => {
  assert.equal(pageState({ hidden: true, hasFocus: () => true }), "hidden");
  assert.equal(pageState({ hidden: false, hasFocus: () => false }), "blurred");
  assert.equal(pageState({ hidden: false, hasFocus: () => true }), "visible");
});

test("a message that was not sent is there after a reload, and gone once it is", () => {
  const storage = makeStorage();
  new Memory("ann", storage).hold("c1", "May I leave?");
  assert.deepEqual(new Memory("ann", storage).unsent, [{ clientId: "c1", text: "May I leave?" }]);
  assert.deepEqual(new Memory("bob", storage).unsent, [], "another student at this computer sees nothing of it");
  new Memory("ann", storage).release("c1");
  assert.deepEqual(new Memory("ann", storage).unsent, []);
});

test("the same message tried again is kept once", () => {
  const memory = new Memory("ann", makeStorage());
  memory.hold("c1", "Hello");
  memory.hold("c1", "Hello");
  assert.equal(memory.unsent.length, 1);
});

test("on a first visit all older messages count as read", () => {
  const memory = new Memory("ann", makeStorage());
  assert.equal(memory.lastRead, Infinity);
  memory.lastRead = 7;
  assert.equal(memory.lastRead, 7);
});

test("a page reloads itself once, not for ever", () => {
  const memory = new Memory("ann", makeStorage());
  assert.equal(memory.mayReload(1_700_000_000_000), true);
  assert.equal(memory.mayReload(1_700_000_005_000), false);
  assert.equal(memory.mayReload(1_700_000_070_000), true);
});

test("without storage everything still works", () => {
  const broken = /** @type {any} */ ({
    getItem() { throw new Error("denied"); },
    setItem() { throw new Error("denied"); },
  });
  const memory = new Memory("ann", broken);
  memory.hold("c1", "Hello");
  assert.deepEqual(memory.unsent, []);
});
