import assert from "node:assert/strict";
import test from "node:test";

/** A page of 5 tiles in 3 columns, and where its keys led. */
async function makePage() {
  const document = Object.assign(new EventTarget(), { querySelector: () => null });
  Object.assign(globalThis, { document, HTMLElement: class {} });
  const { SeatKeys } = await import("../../../../static/js/teacher/seats/seat_keys.js");
  const tiles = new Map(["a", "b", "c", "d", "e"].map((id) => [id, { button: { classList: { toggle: () => {} } } }]));
  /** @type {string[]} */
  const led = [];
  const keys = new SeatKeys(/** @type {any} */ ({ columns: 3, tiles }), (id) => led.push(id));
  const press = (/** @type {string} */ key, held = {}) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key, code: "", ...held });
    document.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { keys, press, led };
}

test("Shift and a row, then a column, lead to a student", async () => {
  const { press, led } = await makePage();
  assert.ok(press("B", { shiftKey: true }) && press("b"));
  assert.deepEqual(led, ["e"]);
});

test("a second letter that names no seat does nothing, and is taken from the keys that judge", async () => {
  const { keys, press, led } = await makePage();
  press("A", { shiftKey: true });
  assert.ok(press("x"), "x would dismiss an incident");
  assert.deepEqual([led, keys.row], [[], null]);
  assert.ok(!press("x"), "the next one counts as always");
});

test("a key without a sign ends the waiting and does what it always does", async () => {
  const { keys, press } = await makePage();
  press("A", { shiftKey: true });
  assert.ok(!press("Tab"));
  assert.equal(keys.row, null);
});

test("a row that is not there, and letters without Shift, are no beginning", async () => {
  const { keys, press } = await makePage();
  assert.ok(!press("C", { shiftKey: true }) && !press("a"));
  assert.equal(keys.row, null);
});
