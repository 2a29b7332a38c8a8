import assert from "node:assert/strict";
import test from "node:test";

import { GridKeys } from "../../../../static/js/teacher/grid/grid_keys.js";

/** A grid of so many tiles in so many columns, and where its keys lead. */
function grid(/** @type {number} */ count, /** @type {number} */ columns) {
  /** @type {Record<string, any>} */
  const seen = { focused: "", opened: [] };
  /** @type {Map<string, {button: {tabIndex: number, focus: () => void}}>} */
  const tiles = new Map();
  for (let at = 0; at < count; at += 1) {
    tiles.set(`p${at}`, { button: { tabIndex: 0, focus: () => { seen.focused = `p${at}`; } } });
  }
  const list = new EventTarget();
  const keys = new GridKeys(/** @type {any} */ ({ list, tiles, columns }), (id) => seen.opened.push(id));
  keys.refresh();
  const press = (/** @type {string} */ key, held = {}) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key, ...held });
    list.dispatchEvent(event);
    keys.setCurrent(seen.focused || null);
    return event.defaultPrevented;
  };
  return { keys, seen, press, tiles };
}

test("Tab stops at one tile alone: the one used last, else the first", () => {
  const { keys, tiles } = grid(4, 2);
  const stops = () => [...tiles].filter(([, { button }]) => button.tabIndex === 0).map(([id]) => id);
  assert.deepEqual(stops(), ["p0"]);
  keys.setCurrent("p2");
  assert.deepEqual(stops(), ["p2"]);
  tiles.delete("p2");
  keys.refresh();
  assert.deepEqual(stops(), ["p0"]);
});

test("arrows go from tile to tile and stay in the grid above and below", () => {
  const { seen, press } = grid(5, 2);
  /** @type {[string, string][]} */
  const way = [["ArrowRight", "p1"], ["ArrowDown", "p3"], ["ArrowDown", "p4"], ["ArrowDown", "p4"], ["ArrowUp", "p2"], ["ArrowLeft", "p1"], ["ArrowUp", "p1"], ["End", "p4"], ["Home", "p0"]];
  for (const [key, expected] of way) {
    assert.equal(press(key), true, key);
    assert.equal(seen.focused, expected, key);
  }
});

test("beyond the first and the last tile the focus stays", () => {
  const { seen, press } = grid(2, 2);
  press("ArrowRight");
  press("ArrowRight");
  assert.equal(seen.focused, "p1");
  press("Home");
  press("ArrowLeft");
  assert.equal(seen.focused, "p0");
});

test("keys of the browser are left to it", () => {
  const { seen, press } = grid(2, 2);
  assert.equal(press("ArrowRight", { altKey: true }), false);
  assert.equal(press("ArrowRight", { ctrlKey: true }), false);
  assert.equal(press("ArrowRight", { shiftKey: true }), false, "Shift seats students");
  assert.equal(press("x"), false);
  assert.equal(seen.focused, "");
});
