import assert from "node:assert/strict";
import test from "node:test";

import { SETTLE_MS, Watch } from "../../../../static/js/teacher/grid/watch.js";

/** @param {import("node:test").TestContext} context */
function makeWatch(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const sent = [];
  const watch = new Watch(async (_event, payload) => void sent.push(payload));
  return { watch, sent, settle: () => context.mock.timers.tick(SETTLE_MS) };
}

test("the server hears who is on the screen once scrolling rests", (context) => {
  const { watch, sent, settle } = makeWatch(context);
  watch.show(["a"]);
  watch.show(["a", "b"]);
  assert.equal(sent.length, 0);
  settle();
  assert.deepEqual(sent, [{ participants: ["a", "b"], close: [], focus: null }]);
});

test("what did not change is not sent again, but after a reconnect it is", (context) => {
  const { watch, sent, settle } = makeWatch(context);
  watch.show(["a"]);
  settle();
  watch.show(["a"]);
  settle();
  assert.equal(sent.length, 1);
  watch.again();
  assert.equal(sent.length, 2);
});

test("a page that nobody sees asks for no pictures", (context) => {
  const { watch, sent, settle } = makeWatch(context);
  watch.show(["a"]);
  watch.setFocus("a");
  settle();
  watch.setHidden(true);
  settle();
  watch.setHidden(false);
  settle();
  const one = { participants: ["a"], close: [], focus: "a" };
  assert.deepEqual(sent, [one, { participants: [], close: [], focus: null }, one]);
});

test("no more students are asked for than the server takes", (context) => {
  const { watch, sent, settle } = makeWatch(context);
  watch.show([...Array(210).keys()].map(String));
  watch.showUrgent([...Array(10).keys()].map(String));
  settle();
  assert.equal(sent[0].participants.length, 200);
  assert.equal(sent[0].close.length, 8);
});

test("the few that are shown larger are looked at closely: under the pointer, in need, waiting", (context) => {
  const { watch, sent, settle } = makeWatch(context);
  watch.show(["a", "b", "c"]);
  watch.setPreview("b");
  watch.showUrgent(["c", "b"]);
  watch.showWaiting(["d"]);
  settle();
  assert.deepEqual(sent, [{ participants: ["a", "b", "c", "d"], close: ["b", "c", "d"], focus: null }]);
});
