import assert from "node:assert/strict";
import { test } from "node:test";
import { watchBattery } from "../../../static/js/sensors/battery.js";
import { InputCounter } from "../../../static/js/sensors/input.js";
import { isNewLight, watchLight } from "../../../static/js/sensors/light.js";
import { Outlet } from "../../../static/js/sensors/camera/outlet.js";
import { isNews, metresBetween, PlaceSensor } from "../../../static/js/sensors/place.js";

/** @param {number} latitude @param {number} longitude @param {number} [accuracy] */
const at = (latitude, longitude, accuracy = 10) => /** @type {const} */ ({ state: "known", latitude, longitude, accuracy });

test("metres between places are those of a globe", () => {
  const [paris, berlin] = [at(48.8566, 2.3522), at(52.52, 13.405)];
  assert.ok(Math.abs(metresBetween(paris, berlin) - 877_500) < 1500);
  assert.equal(metresBetween(paris, paris), 0);
});

test("a place is told at the start, when it moved, and when it is much better known", () => {
  const here = at(48.8566, 2.3522, 20);
  assert.equal(isNews(null, here), true);
  assert.equal(isNews(here, at(48.8567, 2.3522, 20)), false, "11 metres indoors are nothing");
  assert.equal(isNews(here, at(48.8576, 2.3522, 20)), true, "111 metres");
  assert.equal(isNews(here, at(48.8576, 2.3522, 500)), false, "not within its own accuracy");
  assert.equal(isNews(at(48.8566, 2.3522, 800), here), true, "far better known");
  assert.equal(isNews({ state: "denied" }, { state: "denied" }), false);
});

function makeSky() {
  const sky = {
    /** @type {(position: any) => void} */
    good: () => {},
    /** @type {(error: any) => void} */
    bad: () => {},
    cleared: 0,
    watchPosition(/** @type {any} */ good, /** @type {any} */ bad) {
      Object.assign(sky, { good, bad });
      return 7;
    },
    clearWatch: () => void (sky.cleared += 1),
  };
  return sky;
}

test("a refusal and a place out of reach are told from each other, and neither twice", () => {
  const sky = makeSky();
  /** @type {string[]} */
  const told = [];
  const sensor = new PlaceSensor(({ state }) => told.push(state), /** @type {any} */ (sky));
  sensor.start();
  sky.bad({ code: 3 });
  sky.bad({ code: 3 });
  sky.good({ coords: at(48, 2) });
  sky.bad({ code: 2 });
  sky.bad({ code: 1 });
  assert.deepEqual(told, ["unknown", "known", "denied"]);
  sensor.stop();
  assert.equal(sky.cleared, 1);
});

test("a browser without places says that it does not know", () => {
  /** @type {any[]} */
  const told = [];
  new PlaceSensor((place) => told.push(place), /** @type {any} */ (null)).start();
  assert.deepEqual(told, [{ state: "unknown" }]);
});

test("light is told when it changed clearly", () => {
  assert.equal(isNewLight(null, 300), true);
  assert.equal(isNewLight(300, 340), false);
  assert.equal(isNewLight(300, 100), true);
  assert.equal(isNewLight(2, 4), false);
});

test("a browser that knows the light sensor but may not use it goes on without", () => {
  class Forbidden {
    constructor() {
      throw new Error("SecurityError");
    }
  }
  assert.doesNotThrow(() => watchLight(() => assert.fail(), Forbidden)());
  assert.doesNotThrow(() => watchLight(() => assert.fail(), undefined)());
});

test("the battery is told at the start and on change, and null where nobody says", async () => {
  /** @type {any[]} */
  const told = [];
  const battery = Object.assign(new EventTarget(), { level: 0.5049, charging: false });
  await watchBattery((power) => told.push(power), { getBattery: async () => battery });
  battery.charging = true;
  battery.dispatchEvent(new Event("chargingchange"));
  await watchBattery((power) => told.push(power), {});
  assert.deepEqual(told, [{ battery: 0.5, charging: false }, { battery: 0.5, charging: true }, { battery: null, charging: null }]);
});

test("keys and pointer are counted by the second, never named, and silence is not told", () => {
  /** @type {any[]} */
  const told = [];
  /** @type {(() => void)[]} */
  const seconds = [];
  const counter = new InputCounter((counts) => told.push(counts), { every: (run) => seconds.push(run) });
  const page = new EventTarget();
  counter.watch(page);
  const happen = (/** @type {string} */ name, /** @type {number} */ ms = 0) => {
    const event = new Event(name);
    Object.defineProperty(event, "timeStamp", { value: ms });
    page.dispatchEvent(event);
  };
  seconds[0]();
  for (const name of ["keydown", "keydown", "pointerdown", "wheel"]) happen(name);
  for (let ms = 0; ms < 1000; ms += 10) happen("pointermove", ms);
  seconds[0]();
  seconds[0]();
  assert.deepEqual(told, [{ keys: 2, pointer: 12 }]);
});

test("live readings are numbered, and never more are under way than can be answered", async () => {
  /** @type {{payload: any, answer: (value?: any) => void}[]} */
  const asked = [];
  const ask = (/** @type {string} */ _event, /** @type {any} */ payload) => new Promise((answer) => asked.push({ payload, answer }));
  const outlet = new Outlet(ask, "motion", 2, 100);
  for (let count = 0; count < 4; count += 1) outlet.send({ at: count });
  assert.deepEqual(asked.map(({ payload }) => payload), [{ seq: 101, at: 0 }, { seq: 102, at: 1 }]);
  asked[0].answer();
  await new Promise((resolve) => setImmediate(resolve));
  outlet.send({ at: 4 });
  assert.deepEqual(asked[2].payload, { seq: 105, at: 4 }, "what was dropped keeps its number");
});
