// A report in the background: ordered once, asked after until it is ready, also across a short outage.

import assert from "node:assert/strict";
import { test } from "node:test";

import { followPaper, orderPaper } from "../../../static/js/report/paper_order.js";

const PLACE = { address: "/paper", csrf: "token" };

/** @param {any[]} answers of the server, null for none */
function world(answers) {
  /** @type {any[]} */
  const asked = [];
  return {
    asked,
    world: {
      /** @param {string} address @param {RequestInit} [options] */
      fetch: async (address, options) => {
        asked.push(options?.method ?? "GET");
        assert.equal(address, "/paper");
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer === null) throw new Error("offline");
        return /** @type {any} */ ({ ok: answer !== 500, json: async () => answer });
      },
      pause: async () => undefined,
    },
  };
}

const waiting = (/** @type {number} */ percent) => ({ state: "waiting", percent });
const done = { state: "done", percent: 100, link: "/paper.pdf" };

test("it is ordered once and followed until it is ready", async () => {
  const { asked, world: it } = world([waiting(0), waiting(40), done]);
  /** @type {any[]} */
  const shown = [];
  assert.deepEqual(await orderPaper(PLACE, (told) => shown.push(told.percent), it), done);
  assert.deepEqual(asked, ["POST", "GET", "GET"]);
  assert.deepEqual(shown, [0, 40]);
});

test("a short outage is waited for, a long one is said", async () => {
  const short = world([waiting(0), null, 500, waiting(40), done]);
  assert.deepEqual(await orderPaper(PLACE, () => undefined, short.world), done);
  const long = world([waiting(0), null]);
  assert.equal((await orderPaper(PLACE, () => undefined, long.world)).state, "failed");
});

test("where nobody does jobs it is taken directly", async () => {
  const direct = { state: "direct", link: "/report.pdf" };
  assert.deepEqual(await orderPaper(PLACE, () => assert.fail(), world([direct]).world), direct);
});

test("one that was ordered before is followed, and an old one is left alone", async () => {
  assert.deepEqual(await followPaper(PLACE, () => undefined, world([waiting(10), done]).world), done);
  for (const told of [done, { state: "none" }, null]) {
    assert.equal(await followPaper(PLACE, () => assert.fail(), world([told]).world), null);
  }
});
