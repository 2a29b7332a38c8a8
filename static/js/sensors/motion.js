// The phone's motion sensor: asks where it must, turns events into batches, and says when the sensor is silent.

import { EventClock } from "./clock.js";
import { MOST_MS, MotionBatch } from "./motion_batch.js";

/** @typedef {"off" | "on" | "denied" | "none" | "silent"} MotionState `off` and `none` are both "none" on the wire */
/** @typedef {import("./motion_batch.js").Batch} Batch */
/**
 * @typedef {object} World what the sensor needs from its page; a fake one in tests
 * @property {EventTarget} target where the events come in
 * @property {any} [Event] DeviceMotionEvent, missing where there is none
 * @property {boolean} isApple a phone or tablet of Apple
 * @property {EventClock} clock
 * @property {(run: () => void, ms: number) => any} every
 */

export const SILENT_MS = 3000;
const LOOK_EVERY_MS = 50; // a batch is at most this much older than a quarter of a second

/** @returns {World} */
function realWorld() {
  const { DeviceMotionEvent: Event } = /** @type {any} */ (globalThis);
  const every = (/** @type {() => void} */ run, /** @type {number} */ ms) => setInterval(run, ms);
  return { target: globalThis.window, Event, isApple: isApple(), clock: new EventClock(), every };
}

export class MotionSensor {
  /** @param {{onBatch: (batch: Batch) => void, onState: (state: MotionState) => void}} events @param {World} [world] */
  constructor({ onBatch, onState }, world = realWorld()) {
    this.onBatch = onBatch;
    this.onState = onState;
    this.world = world;
    /** @type {MotionState} */
    this.state = "off";
    this.batch = new MotionBatch();
    this.heardAt = 0;
    this.isRunning = false;
    // Phones of Apple give the acceleration with the opposite sign of what the W3C's Device Orientation and Motion text
    // says (a phone that lies face up at rest has z = +9.8). The server gets that one.
    this.sign = world.isApple ? -1 : 1;
    this.hear = (/** @type {Event} */ event) => this.#heard(/** @type {DeviceMotionEvent} */ (event));
    world.every(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Ask and listen; a phone that asks the person does so only within a touch. */
  async start() {
    const { Event, target, clock } = this.world;
    if (!Event) return this.#become("none");
    if (!(await isGranted(Event))) return this.#become("denied");
    if (!this.isRunning) target.addEventListener("devicemotion", this.hear);
    this.isRunning = true;
    this.heardAt = clock.now();
    this.batch = new MotionBatch();
  }

  stop() {
    this.isRunning = false;
    this.world.target.removeEventListener("devicemotion", this.hear);
    this.#become("off");
  }

  /** @param {DeviceMotionEvent} event */
  #heard({ accelerationIncludingGravity: a, timeStamp }) {
    // Computers without a sensor send one event with nothing in it.
    if (!a || a.x === null || a.y === null || a.z === null) return;
    const { clock } = this.world;
    this.heardAt = clock.now();
    this.#become("on");
    this.#give(this.batch.add(clock.at(timeStamp), a.x * this.sign, a.y * this.sign, a.z * this.sign));
  }

  #look() {
    if (!this.isRunning) return;
    const now = this.world.clock.now();
    this.#give(this.batch.due(now));
    const isSilent = now - this.heardAt > SILENT_MS + MOST_MS;
    if (isSilent && this.state === "on") this.#become("silent");
    else if (isSilent && this.state === "off") this.#become("none"); // nothing ever came: there is no sensor to read
  }

  /** @param {Batch | null} batch */
  #give(batch) {
    if (batch) this.onBatch(batch);
  }

  /** @param {MotionState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}

/** Whether this is a phone or tablet of Apple, which asks each time a page is loaded; its tablets call themselves Macs. */
export function isApple({ userAgent, maxTouchPoints } = navigator) {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** Ask where the browser can be asked (Safari since 13, newer Chrome). @param {any} Event @returns {Promise<boolean>} */
async function isGranted(Event) {
  if (typeof Event.requestPermission !== "function") return true;
  return Event.requestPermission().then(
    (/** @type {string} */ answer) => answer === "granted",
    () => false, // asked outside a touch, or forbidden in the settings
  );
}
