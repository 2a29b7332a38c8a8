import assert from "node:assert/strict";
import test from "node:test";

import { placeBeside } from "../../../../static/js/teacher/grid/preview.js";

const WINDOW = { width: 1366, height: 768 };
const SIZE = { width: 320, height: 240 };

/** @param {number} left @param {number} top */
const tile = (left, top) => ({ left, top, right: left + 150, bottom: top + 110 });

test("a preview stands below its tile, in its middle", () => {
  assert.deepEqual(placeBeside(tile(600, 200), SIZE, WINDOW), { left: 515, top: 316 });
});

test("where there is no room below it stands above, and it never leaves the window", () => {
  assert.equal(placeBeside(tile(600, 640), SIZE, WINDOW).top, 394);
  for (const left of [0, 1216]) {
    for (const top of [0, 300, 658]) {
      const place = placeBeside(tile(left, top), SIZE, WINDOW);
      assert.ok(place.left >= 0 && place.left + SIZE.width <= WINDOW.width, `${left}`);
      assert.ok(place.top >= 0 && place.top + SIZE.height <= WINDOW.height, `${top}`);
    }
  }
});

test("a preview never covers its own tile where there is room beside it", () => {
  for (const top of [0, 200, 500, 658]) {
    const { top: at } = placeBeside(tile(600, top), SIZE, WINDOW);
    assert.ok(at >= top + 110 || at + SIZE.height <= top, `${top}`);
  }
});
