import assert from "node:assert/strict";
import test from "node:test";

import { ANSWER_WITHIN_MS, MOST_PER_FRAME, PictureFeed, slices } from "../../../../static/js/teacher/grid/picture_feed.js";
import { FrameBatch } from "../../../../static/js/teacher/grid/frames.js";

/** @typedef {import("../../../../static/js/teacher/grid/picture_feed.js").Picture} Picture */

/** A screen whose frames come when the test says so. */
class Screen {
  constructor() {
    /** @type {(() => void)[]} */
    this.asked = [];
    this.batch = new FrameBatch((run) => this.asked.push(run));
  }

  frame() {
    for (const run of this.asked.splice(0)) run();
  }
}

/** @param {Uint8Array} jpeg */
function bitmapOf(jpeg) {
  const bitmap = { text: new TextDecoder().decode(jpeg), closed: false, close: () => (bitmap.closed = true) };
  return bitmap;
}

/**
 * @param {[string, string][]} pictures participant and text
 * @returns {[any, ArrayBuffer]}
 */
function tick(pictures) {
  const parts = pictures.map(([, text]) => new TextEncoder().encode(text));
  const tiles = pictures.map(([id], at) => [id, 1, 40, parts[at].length]);
  const data = new Uint8Array(parts.flatMap((part) => [...part]));
  return [{ tick: 1, server_time: 0, tiles }, data.buffer];
}

function makeFeed(decode = async (/** @type {Uint8Array} */ jpeg) => /** @type {any} */ (bitmapOf(jpeg))) {
  const screen = new Screen();
  /** @type {Picture[]} */
  const drawn = [];
  const feed = new PictureFeed((picture) => drawn.push(picture), screen.batch, decode);
  const texts = () => drawn.map(({ id, bitmap }) => `${id}=${/** @type {any} */ (bitmap).text}`);
  return { screen, drawn, feed, texts };
}

test("a message is cut into the pictures its index names", () => {
  const found = slices(...tick([["anna", "aaa"], ["bob", "bb"]]));
  assert.deepEqual(found.map(({ id, jpeg }) => [id, new TextDecoder().decode(jpeg)]), [["anna", "aaa"], ["bob", "bb"]]);
});

test("an index that promises more than there is gives what is whole", () => {
  const [index, data] = tick([["anna", "aaa"], ["bob", "bb"]]);
  assert.deepEqual(slices(index, data.slice(0, 4)).map(({ id }) => id), ["anna"]);
});

test("pictures are drawn with the next frame, and only then answered for", async () => {
  const { screen, feed, texts, drawn } = makeFeed();
  let answers = 0;
  await feed.receive(...tick([["anna", "1"], ["bob", "2"]]), () => (answers += 1));
  assert.deepEqual([texts(), answers], [[], 0]);
  screen.frame();
  assert.deepEqual([texts(), answers], [["anna=1", "bob=2"], 1]);
  assert.ok(drawn.every(({ bitmap }) => /** @type {any} */ (bitmap).closed), "memory is given back");
});

test("a picture that cannot be decoded holds up nothing", async () => {
  const { screen, feed, texts } = makeFeed(async (jpeg) => {
    if (bitmapOf(jpeg).text === "bad") throw new Error("no picture");
    return /** @type {any} */ (bitmapOf(jpeg));
  });
  let answers = 0;
  await feed.receive(...tick([["anna", "bad"], ["bob", "2"]]), () => (answers += 1));
  screen.frame();
  assert.deepEqual([texts(), answers], [["bob=2"], 1]);
});

test("a picture that was decoded late never replaces a newer one", async () => {
  /** @type {(() => void)[]} */
  const late = [];
  const { screen, feed, texts } = makeFeed(async (jpeg) => {
    const bitmap = /** @type {any} */ (bitmapOf(jpeg));
    if (bitmap.text === "old") await new Promise((resolve) => late.push(() => resolve(null)));
    return bitmap;
  });
  const first = feed.receive(...tick([["anna", "old"]]), () => {});
  await feed.receive(...tick([["anna", "new"]]), () => {});
  screen.frame();
  late.forEach((run) => run());
  await first;
  screen.frame();
  assert.deepEqual(texts(), ["anna=new"]);
});

test("a full page is spread over frames, so that scrolling stays smooth", async () => {
  const { screen, feed, drawn } = makeFeed();
  let answers = 0;
  const people = [...Array(49).keys()].map((at) => /** @type {[string, string]} */ ([`p${at}`, "x"]));
  await feed.receive(...tick(people), () => (answers += 1));
  screen.frame();
  assert.deepEqual([drawn.length, answers], [MOST_PER_FRAME, 0]);
  while (screen.asked.length) screen.frame();
  assert.deepEqual([drawn.length, answers], [49, 1]);
});

test("the server is answered in time even when nothing can be drawn", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { screen, feed } = makeFeed();
  let answers = 0;
  await feed.receive(...tick([["anna", "1"]]), () => (answers += 1));
  context.mock.timers.tick(ANSWER_WITHIN_MS);
  assert.equal(answers, 1, "a hidden page draws no frames");
  screen.frame();
  assert.equal(answers, 1, "once only");
});
