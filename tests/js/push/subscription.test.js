// Having a browser show messages: nothing is asked before the click, and what fails is said and undone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { allowMessages, bytesOf } from "../../../static/js/push/subscription.js";

const PLACE = { key: "BAMC_-8", address: "/browsers", worker: "/worker.js", csrf: "token" };

/** @param {Record<string, any>} [changed] */
function world(changed = {}) {
  /** @type {any[]} */
  const done = [];
  const subscription = { endpoint: "https://push.example/1", toJSON: () => ({ endpoint: "https://push.example/1" }), unsubscribe: async () => done.push("unsubscribed") };
  const made = {
    able: true,
    ask: async () => (done.push("asked"), "granted"),
    /** @param {string} worker @param {Uint8Array<ArrayBuffer>} key */
    subscribe: async (worker, key) => (done.push(["subscribed", worker, key.length]), subscription),
    /** @param {string} address @param {RequestInit} options */
    fetch: async (address, options) => (done.push([address, options]), { ok: true }),
    ...changed,
  };
  return { done, world: /** @type {any} */ (made) };
}

test("a browser that is allowed to is subscribed and the server told", async () => {
  const { done, world: it } = world();
  assert.equal(await allowMessages(PLACE, it), "");
  assert.deepEqual(done.slice(0, 2), ["asked", ["subscribed", "/worker.js", 5]]);
  const [address, options] = done[2];
  assert.equal(address, "/browsers");
  assert.equal(options.headers["X-CSRFToken"], "token");
  assert.deepEqual(JSON.parse(options.body), { endpoint: "https://push.example/1" });
});

test("without the permission nothing is subscribed", async () => {
  const { done, world: it } = world({ ask: async () => "denied" });
  assert.match(await allowMessages(PLACE, it), /does not allow/);
  assert.deepEqual(done, []);
});

test("a push service that cannot be reached is said", async () => {
  const { done, world: it } = world({ subscribe: async () => Promise.reject(new Error("no service")) });
  assert.match(await allowMessages(PLACE, it), /without internet/);
  assert.deepEqual(done, ["asked"]);
});

for (const [name, fetch] of /** @type {const} */ ([["refuses", async () => ({ ok: false })], ["is away", async () => Promise.reject(new Error("offline"))]])) {
  test(`a server that ${name} leaves no subscription behind`, async () => {
    const { done, world: it } = world({ fetch });
    assert.match(await allowMessages(PLACE, it), /try again/);
    assert.equal(done.at(-1), "unsubscribed");
  });
}

test("keys are read from base64 for addresses", () => {
  assert.deepEqual([...bytesOf("BAMC_-8")], [4, 3, 2, 255, 239]);
});
