import assert from "node:assert/strict";
import { test } from "node:test";
import { EventClock } from "../../../static/js/sensors/clock.js";
import { isApple, MotionSensor, SILENT_MS } from "../../../static/js/sensors/motion.js";
import { LEAST_ROWS, MOST_MS, MOST_ROWS, MotionBatch } from "../../../static/js/sensors/motion_batch.js";

const EPOCH = 1_700_000_000_000;

/** A phone whose time moves only when told to, with or without a system that asks. @param {any} [Event] @param {boolean} [apple] */
function makePhone(Event = class {}, apple = false) {
  const target = new EventTarget();
  /** @type {(() => void)[]} */
  const looks = [];
  const phone = {
    time: 0,
    /** @type {any[]} */
    batches: [],
    /** @type {string[]} */
    states: [],
    /** Let time pass in steps of 10 ms. @param {number} ms */
    pass(ms) {
      for (let left = ms; left > 0; left -= 10) {
        phone.time += 10;
        for (const look of looks) look();
      }
    },
    /** @param {any} a the acceleration with gravity */
    move(a) {
      const event = Object.assign(new globalThis.Event("devicemotion"), { accelerationIncludingGravity: a });
      Object.defineProperty(event, "timeStamp", { value: phone.time });
      target.dispatchEvent(event);
    },
    /** Readings at a steady rate. @param {number} ms @param {number} every */
    swing(ms, every) {
      for (let left = ms; left > 0; left -= every) {
        phone.move({ x: 1, y: -2, z: 9.75 });
        phone.pass(every);
      }
    },
    rows: () => phone.batches.map(({ rows }) => rows),
  };
  const clock = new EventClock(() => EPOCH + phone.time, () => phone.time);
  const sensor = new MotionSensor(
    { onBatch: (batch) => phone.batches.push(batch), onState: (state) => phone.states.push(state) },
    { target, Event, isApple: apple, clock, every: (run) => looks.push(run) },
  );
  return { phone, sensor };
}

test("readings travel in batches of at least ten and at most a quarter of a second", async () => {
  const { phone, sensor } = makePhone();
  await sensor.start();
  phone.swing(3000, 20);
  assert.ok(phone.batches.length >= 11, String(phone.batches.length));
  for (const { rows, data } of phone.batches) {
    assert.ok(rows >= LEAST_ROWS && rows <= MOST_ROWS, String(rows));
    assert.equal(data.byteLength, rows * 16);
    const view = new DataView(data);
    assert.ok(view.getFloat32((rows - 1) * 16, true) <= MOST_MS);
  }
});

test("a batch says when its first reading was, and each row how much later it came", async () => {
  const { phone, sensor } = makePhone();
  await sensor.start();
  phone.pass(500);
  phone.swing(300, 20);
  const [{ at, data }] = phone.batches;
  assert.equal(at, EPOCH + 500);
  const view = new DataView(data);
  const row = (/** @type {number} */ index) => [0, 1, 2, 3].map((column) => view.getFloat32((index * 4 + column) * 4, true));
  assert.deepEqual(row(0), [0, 1, -2, 9.75]);
  assert.deepEqual(row(1), [20, 1, -2, 9.75]);
});

test("a slow sensor gives what it has after a quarter of a second", async () => {
  const { phone, sensor } = makePhone();
  await sensor.start();
  phone.swing(2000, 100);
  assert.ok(Math.max(...phone.rows()) < LEAST_ROWS);
  assert.ok(phone.batches.length >= 6);
});

test("readings that go back in time or are no numbers are left out", () => {
  const batch = new MotionBatch();
  batch.add(1000, 0, 0, 9.8);
  batch.add(990, 0, 0, 9.8);
  batch.add(1000, 0, 0, 9.8);
  batch.add(1010, NaN, 0, 9.8);
  batch.add(1020, 0, Infinity, 9.8);
  batch.add(1030, 0, 0, 9.8);
  assert.equal(batch.take()?.rows, 2);
  assert.equal(batch.take(), null);
});

test("a gap begins a new batch", () => {
  const batch = new MotionBatch();
  batch.add(1000, 0, 0, 9.8);
  const before = batch.add(61_000, 0, 0, 9.8);
  assert.deepEqual([before?.rows, before?.at], [1, 1000]);
  assert.equal(batch.take()?.at, 61_000);
});

test("a phone that lies still shows no activity, one that is waved shows much", () => {
  const [still, waved] = [new MotionBatch(), new MotionBatch()];
  for (let at = 0; at < 20; at += 1) {
    still.add(at * 10, 0, 0, 9.8);
    waved.add(at * 10, 0, 0, at % 2 ? 2 : 18);
  }
  assert.ok((still.take()?.activity ?? 1) < 1e-9);
  assert.equal(waved.take()?.activity, 1);
});

test("phones of Apple give the opposite sign, others that ask do not", async () => {
  const Asking = { requestPermission: async () => "granted" };
  for (const [apple, z] of /** @type {[boolean, number][]} */ ([[true, 9.75], [false, -9.75]])) {
    const { phone, sensor } = makePhone(Asking, apple);
    await sensor.start();
    phone.move({ x: 0, y: 0, z: -9.75 });
    phone.pass(300);
    assert.equal(new DataView(phone.batches[0].data).getFloat32(12, true), z);
  }
});

test("a tablet of Apple that calls itself a Mac is known by its touches", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
  assert.equal(isApple(/** @type {any} */ ({ userAgent: mac, maxTouchPoints: 5 })), true);
  assert.equal(isApple(/** @type {any} */ ({ userAgent: mac, maxTouchPoints: 0 })), false);
  assert.equal(isApple(/** @type {any} */ ({ userAgent: "Mozilla/5.0 (Linux; Android 14)", maxTouchPoints: 5 })), false);
});

test("a refusal is told as such, also one outside a touch", async () => {
  for (const requestPermission of [async () => "denied", async () => Promise.reject(new Error("NotAllowedError"))]) {
    const { phone, sensor } = makePhone({ requestPermission });
    await sensor.start();
    phone.swing(5000, 20);
    assert.deepEqual(phone.states, ["denied"]);
    assert.equal(phone.batches.length, 0);
  }
});

test("a computer's one empty event is no sensor", async () => {
  const { phone, sensor } = makePhone();
  await sensor.start();
  phone.move({ x: null, y: null, z: null });
  phone.pass(SILENT_MS + 1000);
  assert.deepEqual(phone.states, ["none"]);
});

test("a browser without motion events says so at once", async () => {
  const { phone, sensor } = makePhone(null);
  await sensor.start();
  assert.deepEqual(phone.states, ["none"]);
});

test("a sensor that stops is silent, and on again when it is back", async () => {
  const { phone, sensor } = makePhone();
  await sensor.start();
  phone.swing(1000, 20);
  phone.pass(SILENT_MS + 1000);
  phone.swing(100, 20);
  assert.deepEqual(phone.states, ["on", "silent", "on"]);
});

test("nothing is read before the start and after the end", async () => {
  const { phone, sensor } = makePhone();
  phone.swing(1000, 20);
  await sensor.start();
  sensor.stop();
  phone.swing(1000, 20);
  assert.equal(phone.batches.length, 0);
});

test("a clock that was set is followed, one that wavers is not", () => {
  const now = { day: EPOCH, running: 100 };
  const clock = new EventClock(() => now.day, () => now.running);
  now.day += 30;
  assert.equal(clock.at(100), EPOCH, "30 ms are jitter");
  now.day += 3_600_000;
  assert.equal(clock.at(100), EPOCH + 3_600_030);
});
