import assert from "node:assert/strict";
import { register } from "node:module";
import test from "node:test";

register("../static_resolver.mjs", import.meta.url);
const { Connection, Problem } = await import("../../../static/js/shared/connection.js");

/** Socket.IO's client, as far as Connection uses it; the test plays the server. */
class FakeSocket {
  connected = false;
  active = true;
  connects = 0;
  /** @type {Map<string, ((...args: any[]) => void)[]>} */
  handlers = new Map();
  /** @type {any} */
  answer = { ok: true };

  on(/** @type {string} */ event, /** @type {(...args: any[]) => void} */ handle) {
    this.handlers.set(event, [...(this.handlers.get(event) ?? []), handle]);
  }

  hear(/** @type {string} */ event, /** @type {any[]} */ ...args) {
    if (event === "connect") this.connected = true;
    if (event === "disconnect") this.connected = false;
    for (const handle of this.handlers.get(event) ?? []) handle(...args);
  }

  timeout() {
    return this;
  }

  async emitWithAck() {
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }

  connect() {
    this.connects += 1;
  }

  disconnect() {
    this.hear("disconnect", "io client disconnect");
  }
}

function open() {
  const socket = new FakeSocket();
  /** @type {any[]} */
  const states = [];
  /** @type {[() => void, number][]} */
  const waiting = [];
  /** @type {any} */
  let given;
  const connection = new Connection("/student", "ticket", {
    onState: (/** @type {any} */ state, /** @type {any} */ problem) => states.push(problem ? [state, problem.code] : state),
    connect: (_, options) => ((given = options), socket),
    later: (run, ms) => waiting.push([run, ms]),
  });
  return { connection, socket, states, waiting, options: given };
}

test("the ticket goes into auth, over WebSocket alone", async () => {
  const { options } = open();
  assert.deepEqual(options.transports, ["websocket"]);
  const auth = await new Promise((resolve) => options.auth(resolve));
  assert.deepEqual(auth, { ticket: "ticket" });
});

test("a dropped network is a reconnection", () => {
  const { socket, states } = open();
  socket.hear("connect");
  socket.hear("disconnect", "transport close");
  socket.hear("connect");
  assert.deepEqual(states, ["connecting", "connected", "reconnecting", "connected"]);
});

test("a refusal ends it and says why", () => {
  const { socket, states } = open();
  socket.hear("connect_error", Object.assign(new Error(), { data: { code: "ticket_expired", text: "Too late." } }));
  assert.deepEqual(states, ["connecting", ["refused", "ticket_expired"]]);
});

test("a busy server is asked again when it said so", () => {
  const { socket, states, waiting } = open();
  socket.hear("connect_error", Object.assign(new Error(), { data: { code: "too_fast", text: "Wait.", retry_after: 7 } }));
  assert.deepEqual(states.at(-1), ["reconnecting", "too_fast"]);
  assert.equal(waiting[0][1], 7000);
  waiting[0][0]();
  assert.equal(socket.connects, 1);
});

test("a replaced page stays replaced", () => {
  const { socket, states } = open();
  socket.hear("connect");
  socket.hear("replaced", {});
  socket.hear("disconnect", "io server disconnect");
  assert.deepEqual(states, ["connecting", "connected", "replaced"]);
  assert.equal(socket.connected, false);
});

test("nothing reconnects after close", () => {
  const { connection, socket, waiting } = open();
  socket.hear("connect_error", Object.assign(new Error(), { data: { code: "room_full", text: "Full.", retry_after: 1 } }));
  connection.close();
  waiting[0][0]();
  assert.equal(socket.connects, 0);
});

test("a request returns the answer", async () => {
  const { connection, socket } = open();
  socket.hear("connect");
  socket.answer = { ok: true, state: "waiting" };
  assert.equal((await connection.request("ready", {})).state, "waiting");
});

test("an error in the answer becomes a problem", async () => {
  const { connection, socket } = open();
  socket.hear("connect");
  socket.answer = { error: { code: "too_fast", text: "Wait %(seconds)d s.", params: { seconds: 3 }, retry_after: 3 } };
  await assert.rejects(connection.request("chat", {}), (/** @type {any} */ problem) => {
    assert.ok(problem instanceof Problem);
    assert.deepEqual([problem.code, problem.params, problem.retryAfter], ["too_fast", { seconds: 3 }, 3]);
    return true;
  });
});

test("no network and no answer are told apart", async () => {
  const { connection, socket } = open();
  await assert.rejects(connection.request("ready"), { code: "offline" });
  socket.hear("connect");
  socket.answer = new Error("operation has timed out");
  await assert.rejects(connection.request("ready"), { code: "no_answer" });
});
