import assert from "node:assert/strict";
import test from "node:test";

import { keysOf, KeyPresses } from "../../../static/js/teacher/room/key_presses.js";

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

// ------------------------------------------------------------------------------------ what a key does on the page

class FakeElement extends EventTarget {
  isContentEditable = false;
  constructor(/** @type {string} */ tagName = "DIV") {
    super();
    this.tagName = tagName;
  }
  /** @param {string} _query */
  closest(_query) {
    return this.tagName === "BUTTON" ? this : null;
  }
}
class FakePlayer extends FakeElement {}

/** A page with two shortcuts, whose keys are switched on, and no dialog open. */
function page() {
  /** @type {string[]} */
  const ran = [];
  const state = { on: true, dialog: false, listed: 0, playable: true };
  Object.assign(globalThis, {
    Element: FakeElement, HTMLElement: FakeElement, HTMLMediaElement: FakePlayer,
    document: { querySelector: (/** @type {string} */ query) => (query.startsWith("dialog[open]") && state.dialog ? {} : null) },
  });
  const shortcuts = Object.create(KeyPresses.prototype);
  const next = { key: "]", also: "ArrowRight", does: "", run: () => ran.push("next page") };
  const chat = { key: "3", does: "", run: () => ran.push("chat") };
  const play = { key: " ", does: "", run: () => state.playable && ran.push("play") };
  shortcuts.byKey = new Map([["]", next], ["ArrowRight", next], ["3", chat], [" ", play]]);
  shortcuts.switch = { get checked() { return state.on; } };
  shortcuts.dialog = { open: false, showModal: () => { state.listed += 1; } };
  const type = (/** @type {string} */ key, /** @type {string} */ code, target = new FakeElement(), more = {}) => {
    let prevented = false;
    shortcuts.pressed({
      key, code, target, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, defaultPrevented: false,
      getModifierState: () => false, preventDefault: () => { prevented = true; }, ...more,
    });
    return prevented;
  };
  return { ran, state, type };
}

test("on every keyboard a shortcut does what its key says, and the browser nothing", () => {
  const { ran, type } = page();
  assert.equal(type("$", "BracketRight"), true);
  assert.equal(type("ArrowRight", "ArrowRight"), true);
  assert.equal(type('"', "Digit3"), true);
  assert.deepEqual(ran, ["next page", "next page", "chat"]);
});

test("Space plays, presses the button that has the focus, and scrolls where there is nothing to play", () => {
  const { ran, state, type } = page();
  assert.equal(type(" ", "Space"), true);
  assert.equal(type(" ", "Space", new FakeElement("BUTTON")), false);
  state.playable = false;
  assert.equal(type(" ", "Space"), false);
  assert.deepEqual(ran, ["play"]);
});

test("other keys are the browser's", () => {
  const { ran, type } = page();
  assert.equal(type("y", "KeyY"), false);
  assert.equal(type("ArrowRight", "ArrowRight", new FakeElement(), { altKey: true }), false);
  assert.equal(type("3", "Digit3", new FakeElement(), { defaultPrevented: true }), false);
  assert.deepEqual(ran, []);
});

test("who types is left alone, and an arrow winds a recording", () => {
  const { ran, state, type } = page();
  for (const tag of ["INPUT", "TEXTAREA", "SELECT"]) type("3", "Digit3", new FakeElement(tag));
  const editable = new FakeElement();
  editable.isContentEditable = true;
  type("?", "Slash", editable);
  type("ArrowRight", "ArrowRight", new FakePlayer("AUDIO"));
  assert.deepEqual([ran, state.listed], [[], 0]);
  type("3", "Digit3", new FakePlayer("AUDIO"));
  assert.deepEqual(ran, ["chat"]);
});

test("keys that are switched off, or lie behind a window, do nothing; their list can always be opened", () => {
  const { ran, state, type } = page();
  state.on = false;
  type("3", "Digit3");
  type("?", "Slash", new FakeElement(), { shiftKey: true });
  state.on = true;
  state.dialog = true;
  type("3", "Digit3");
  assert.deepEqual([ran, state.listed], [[], 1]);
});
