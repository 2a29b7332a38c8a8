import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAtDots, TARGET_MS, TARGETS } from "../../../static/js/student/check/calibrate.js";
import { MOST_SECONDS, reasonWords, takePictures } from "../../../static/js/student/check/enrol.js";

/** A server that answers with these, the last one again and again; an Error is a refusal. @param {...any} answers */
function makeServer(...answers) {
  const server = {
    /** @type {any[]} */
    asked: [],
    waited: 0,
    wanted: true,
    ask: async (/** @type {string} */ event, /** @type {any} */ payload) => {
      server.asked.push({ event, ...payload });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    world: {
      pause: async (/** @type {number} */ ms) => void (server.waited += ms),
      isWanted: () => server.wanted,
    },
  };
  return server;
}

/** @param {ReturnType<typeof makeServer>} server */
async function take(server) {
  /** @type {any[]} */
  const reasons = [];
  const outcome = await takePictures(server.ask, (reason) => reasons.push(reason), server.world);
  return { outcome, reasons };
}

test("pictures are asked for once a second until there are enough", async () => {
  const more = { enrolled: false, reason: "more pictures are needed" };
  const server = makeServer(more, more, { enrolled: true, reason: null });
  assert.deepEqual(await take(server), { outcome: "enrolled", reasons: [more.reason, more.reason] });
  assert.deepEqual(server.asked.map(({ phase }) => phase), ["start", "done", "done"]);
  assert.equal(server.waited, 2000);
});

test("nobody is held up: after twenty seconds the way is open", async () => {
  const server = makeServer({ enrolled: false, reason: "poor light" });
  assert.equal((await take(server)).outcome, "late");
  assert.equal(server.waited, MOST_SECONDS * 1000);
});

test("what was not looked at yet is not called a missing face", async () => {
  const server = makeServer({ enrolled: false, reason: "no face" });
  const { reasons } = await take(server);
  assert.deepEqual(reasons.slice(0, 3), [null, null, "no face"]);
});

test("a server that refuses never blocks the student", async () => {
  assert.equal((await take(makeServer(new Error("server_error")))).outcome, "off");
  const dots = makeServer(new Error("bad_message"));
  assert.equal(await lookAtDots(dots.ask, () => {}, dots.world), null);
  assert.equal(dots.waited, 0);
});

test("a step that was left does not go on", async () => {
  const server = makeServer({ enrolled: false, reason: null });
  server.wanted = false;
  assert.equal((await take(server)).outcome, "stopped");
});

test("every reason of the server has words and a way to mend it", () => {
  for (const reason of ["no face", "several faces", "turned away", "too far away", "poor light", "more pictures are needed", "new one", null]) {
    const { text, help } = reasonWords(reason);
    assert.ok(text && help, String(reason));
  }
});

test("each dot stays long enough to be looked at", async () => {
  const server = makeServer({ ok: true, baseline: true, samples: 3 });
  /** @type {string[]} */
  const shown = [];
  const result = await lookAtDots(server.ask, (target) => shown.push(target), server.world);
  assert.deepEqual(result, { baseline: true, reason: null });
  assert.deepEqual(shown, [...TARGETS]);
  assert.equal(server.waited, TARGETS.length * TARGET_MS);
  const points = server.asked.filter(({ phase }) => phase === "point").map(({ target }) => target);
  assert.deepEqual(points, TARGETS.flatMap((target) => [target, target]), "each is shown, then asked for its looks");
  assert.deepEqual([server.asked[0].phase, server.asked.at(-1)?.phase], ["start", "done"]);
});

test("a dot that was not looked at yet stays a little longer, but not for ever", async () => {
  const server = makeServer({ ok: true, baseline: false, samples: 0, reason: "Too few looks." });
  const result = await lookAtDots(server.ask, () => {}, server.world);
  assert.deepEqual(result, { baseline: false, reason: "Too few looks." });
  assert.equal(server.waited, TARGETS.length * (TARGET_MS + 2000));
});

test("dots that were stopped are told to the server as left out", async () => {
  const server = makeServer({ ok: true });
  const result = await lookAtDots(server.ask, (_target, index) => void (server.wanted = index < 1), server.world);
  assert.equal(result, "stopped");
  assert.equal(server.asked.at(-1)?.phase, "skip");
});
