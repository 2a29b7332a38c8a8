import assert from "node:assert/strict";
import test from "node:test";

import { keysOf } from "../../../static/js/teacher/room/shortcuts.js";

/** @param {string} key @param {string} code @param {{shift?: boolean, ctrl?: boolean, alt?: boolean, meta?: boolean, altGr?: boolean}} [held] */
function press(key, code, { shift = false, ctrl = false, alt = false, meta = false, altGr = false } = {}) {
  const getModifierState = (/** @type {string} */ name) => name === "AltGraph" && altGr;
  return keysOf({ key, code, shiftKey: shift, ctrlKey: ctrl, altKey: alt, metaKey: meta, getModifierState });
}

test("a key is what it says", () => {
  assert.deepEqual(press("a", "KeyA"), ["a"]);
  assert.deepEqual(press("?", "Slash", { shift: true }), ["?"]);
  assert.deepEqual(press("ArrowLeft", "ArrowLeft"), ["ArrowLeft"]);
});

test("on AZERTY digits need no Shift, brackets have a place, and A is where A is written", () => {
  assert.deepEqual(press("&", "Digit1"), ["&", "1"]);
  assert.deepEqual(press("1", "Digit1", { shift: true }), ["1"]);
  assert.deepEqual(press("Dead", "BracketLeft"), ["Dead", "["]);
  assert.deepEqual(press("$", "BracketRight"), ["$", "]"]);
  assert.deepEqual(press("[", "Digit5", { ctrl: true, alt: true, altGr: true }), ["["]);
  assert.deepEqual(press("a", "KeyQ"), ["a"]);
  assert.deepEqual(press("q", "KeyA"), ["q"], "the key beside it acknowledges nothing");
});

test("a keyboard without Latin letters is read by its places", () => {
  assert.deepEqual(press("о", "KeyJ"), ["о", "j"]);
  assert.deepEqual(press("é", "Digit2"), ["é", "2"]);
});

test("keys of the browser and the system are left to them", () => {
  assert.deepEqual(press("a", "KeyA", { ctrl: true }), []);
  assert.deepEqual(press("1", "Digit1", { alt: true }), []);
  assert.deepEqual(press("ArrowLeft", "ArrowLeft", { alt: true }), [], "Alt+← goes back in the browser");
  assert.deepEqual(press("[", "BracketLeft", { meta: true }), []);
});
