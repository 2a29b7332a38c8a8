import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptureLoop } from "../../../static/js/sensors/camera/capture_loop.js";

/** A thread whose time moves only when told to. */
function makeWorld() {
  const world = {
    time: 10_000,
    /** @type {Map<number, {at: number, run: () => void}>} */
    alarms: new Map(),
    handles: 0,
    /** @type {any[]} */
    posted: [],
    now: () => world.time,
    /** @param {() => void} run @param {number} ms */
    later(run, ms) {
      world.handles += 1;
      world.alarms.set(world.handles, { at: world.time + ms, run });
      return world.handles;
    },
    /** @param {number} handle */
    never: (handle) => void world.alarms.delete(handle),
    /** @param {any} message */
    post: (message) => void world.posted.push(message),
    encode: async () => new ArrayBuffer(8),
    /** @param {number} ms */
    async pass(ms) {
      const end = world.time + ms;
      for (;;) {
        await settle();
        const due = [...world.alarms.entries()].sort((a, b) => a[1].at - b[1].at)[0];
        if (!due || due[1].at > end) break;
        world.alarms.delete(due[0]);
        world.time = Math.max(world.time, due[1].at);
        due[1].run();
      }
      world.time = end;
    },
    frames: () => world.posted.filter(({ type }) => type === "frame"),
  };
  return world;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** @param {ReturnType<typeof makeWorld>} world */
function makeSource(world) {
  return {
    gives: true,
    freed: 0,
    closed: false,
    async take() {
      if (!this.gives) return null;
      const source = /** @type {any} */ ({});
      return { source, width: 640, height: 480, takenAt: world.time, done: () => void (this.freed += 1) };
    },
    close() {
      this.closed = true;
    },
  };
}

function makeLoop() {
  const world = makeWorld();
  const loop = new CaptureLoop(world, 500);
  const source = makeSource(world);
  loop.use(source);
  loop.obey({ fps: 2, width: 320, quality: 0.6 });
  loop.run(true);
  return { world, loop, source };
}

test("one picture is under way at a time, its sequence growing from where the page began", async () => {
  const { world, loop, source } = makeLoop();
  await world.pass(2000);
  assert.deepEqual(world.frames().map(({ seq }) => seq), [501]);
  loop.answered(501, null);
  await world.pass(0);
  assert.deepEqual(world.frames().map(({ seq }) => seq), [501, 502]);
  assert.equal(source.freed, 2, "every camera frame is given back");
});

test("a picture is made as wide as the server asks, in the camera's proportions", async () => {
  const { world } = makeLoop();
  await world.pass(0);
  const { width, height } = world.frames()[0];
  assert.deepEqual([width, height], [320, 240]);
});

test("a picture is never enlarged", async () => {
  const { world, loop } = makeLoop();
  loop.obey({ fps: 2, width: 1280, quality: 0.6 });
  await world.pass(0);
  assert.equal(world.frames()[0].width, 640);
});

test("0 pictures a second stops, also one that was just being taken", async () => {
  const { world, loop } = makeLoop();
  loop.obey({ fps: 0, width: 320, quality: 0.6 });
  await world.pass(60_000);
  assert.equal(world.frames().length, 0);
});

test("an answer to a picture that was given up does not let two go at once", async () => {
  const { world, loop } = makeLoop();
  await world.pass(5000);
  assert.equal(world.frames().length, 2, "the first was given up after five seconds");
  loop.answered(501, null);
  await world.pass(1000);
  assert.equal(world.frames().length, 2);
});

test("a camera that falls silent is told once, and once that it is back", async () => {
  const { world, source } = makeLoop();
  source.gives = false;
  await world.pass(10_000);
  assert.deepEqual(world.posted.map(({ type }) => type), ["starved"]);
  source.gives = true;
  await world.pass(1000);
  assert.deepEqual(world.posted.map(({ type }) => type), ["starved", "fed", "frame"]);
});

test("another camera takes over and the old one is let go", async () => {
  const { world, loop, source } = makeLoop();
  loop.use(makeSource(world));
  await world.pass(0);
  assert.equal(source.closed, true);
  assert.equal(world.frames().length, 1);
});

test("a picture that cannot be encoded is tried again", async () => {
  const { world, loop } = makeLoop();
  world.encode = async () => Promise.reject(new Error("gone"));
  await world.pass(600);
  world.encode = async () => new ArrayBuffer(8);
  loop.wake();
  await world.pass(600);
  assert.equal(world.frames().length, 1);
});

test("one late picture of a slow plan is not yet a silent camera", async () => {
  const { world, loop, source } = makeLoop();
  loop.obey({ fps: 0.1, width: 320, quality: 0.6 });
  await world.pass(0);
  loop.answered(501, null);
  await world.pass(9990);
  source.gives = false;
  await world.pass(1000);
  source.gives = true;
  await world.pass(1000);
  assert.deepEqual(world.posted.map(({ type }) => type), ["frame", "frame"]);
});

test("thumbnails go beside the frames, at a pace and with numbers of their own", async () => {
  const { world, loop } = makeLoop();
  loop.obey({ fps: 1, width: 480, quality: 0.6, thumbnails: 0.5 });
  const thumbnails = () => world.posted.filter(({ type }) => type === "thumbnail");
  for (let second = 0; second < 8; second += 1) {
    await world.pass(1000);
    loop.answered(loop.seq, null);
    loop.thumbnailAnswered(loop.thumbnailSeq, null);
  }
  assert.ok(Math.abs(thumbnails().length - 4) <= 1, `${thumbnails().length} in 8 s`);
  assert.ok(Math.abs(world.frames().length - 8) <= 1);
  assert.equal(thumbnails()[0].seq, 501);
});

test("thumbnails alone are sent where no frames are wanted, one at a time", async () => {
  const { world, loop, source } = makeLoop();
  loop.obey({ fps: 0, width: 320, quality: 0.5, thumbnails: 1 });
  const before = world.frames().length;
  await world.pass(4000);
  const thumbnails = world.posted.filter(({ type }) => type === "thumbnail");
  assert.equal(thumbnails.length, 1, "the server has not answered");
  assert.equal(world.frames().length, before);
  loop.thumbnailAnswered(thumbnails[0].seq, null);
  await world.pass(2000);
  assert.equal(world.posted.filter(({ type }) => type === "thumbnail").length, 2);
  assert.ok(source.freed >= 2, "every camera frame is given back");
});
