// Decides which sound leaves the page: from half a second before something can be heard until a little after it. Pure.

import { levelOf, NoiseFloor, QUIETEST, RATE, steadyLevelOf } from "./loudness.js";

/** @typedef {{at: number, level: number, floor: number, data: ArrayBuffer, why: "activity" | "listening"}} Sound `at` of the first sample */
/** @typedef {{at: number, level: number, floor: number}} Level */
/** @typedef {{onSound: (sound: Sound) => void, onLevel: (level: Level) => void, onMeter: (level: Level) => void}} Outlets */
/** @typedef {{samples: Float32Array, at: number, level: number}} Block */

export const BLOCK = RATE / 10; // a tenth of a second
const BLOCK_MS = 100;
const CHUNK_BLOCKS = 5; // half a second leaves at a time
const AFTER_BLOCKS = 7;
const MARGIN = 9; // dB above the room's own noise
const LEAST = -60; // dBFS: quieter than any voice at a desk
const OPEN_BLOCKS = 3; // of the last four must be lively: a word lasts, a key click or a knock does not
const LOOKED_BACK = 4;
const HELD_BLOCKS = 5 + OPEN_BLOCKS - 1; // half a second before the first lively one, when the last one opens the gate
const LEVEL_STEP = 3; // dB
const LEVEL_EVERY_MS = 10_000;
const LEVEL_PAUSE_MS = 1000;

export class SoundGate {
  /** @param {Outlets} outlets */
  constructor(outlets) {
    this.outlets = outlets;
    this.floor = new NoiseFloor();
    this.rest = new Float32Array(0);
    /** @type {Block[]} what was heard but has not left */
    this.held = [];
    /** @type {boolean[]} */
    this.lively = [];
    this.quietFor = 0; // blocks
    this.isOpen = false;
    this.isListened = false;
    /** @type {Level | null} */
    this.told = null;
    /** @type {number[]} of the last second */
    this.recent = [];
  }

  /** A teacher listens: everything goes out while it lasts. @param {boolean} on */
  listen(on) {
    this.isListened = on;
  }

  get isSending() {
    return this.isOpen || this.isListened;
  }

  /** Take sound as it comes. @param {Float32Array} samples at 16 kHz @param {number} at of the first one, ms since the epoch */
  push(samples, at) {
    const all = new Float32Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    let time = at - (this.rest.length / RATE) * 1000;
    let from = 0;
    for (; from + BLOCK <= all.length; from += BLOCK, time += BLOCK_MS) this.#block(all.slice(from, from + BLOCK), time);
    this.rest = all.slice(from);
  }

  /** @param {Float32Array} samples @param {number} at */
  #block(samples, at) {
    const level = levelOf(samples);
    this.floor.add(level);
    const floor = this.floor.value;
    this.#decide(steadyLevelOf(samples) > Math.max(floor + MARGIN, LEAST));
    this.held.push({ samples, at, level });
    this.outlets.onMeter({ at, level, floor });
    this.recent = [...this.recent, level].slice(-10);
    if (!this.isSending) {
      this.held = this.held.slice(-HELD_BLOCKS);
      this.#tell(at, floor);
    } else if (this.held.length >= CHUNK_BLOCKS) this.#send(floor);
  }

  /** @param {boolean} isLively */
  #decide(isLively) {
    this.lively = [...this.lively, isLively].slice(-LOOKED_BACK);
    this.quietFor = isLively ? 0 : this.quietFor + 1;
    if (this.lively.filter(Boolean).length >= OPEN_BLOCKS) this.isOpen = true;
  }

  /** @param {number} floor */
  #send(floor) {
    const blocks = this.held;
    this.held = [];
    const level = meanLevel(blocks.map((block) => block.level));
    const why = this.isListened ? "listening" : "activity";
    const at = blocks[0].at;
    this.outlets.onSound({ at, level, floor, data: toInt16(blocks.map(({ samples }) => samples)), why });
    this.told = { at, level, floor };
    // Only whole chunks leave, so what is sent ends 0.7 to 1.1 s after the last lively moment.
    if (this.quietFor >= AFTER_BLOCKS) this.isOpen = false;
  }

  /** @param {number} at @param {number} floor */
  #tell(at, floor) {
    const level = meanLevel(this.recent);
    const since = this.told ? at - this.told.at : Infinity;
    const isQuiet = (/** @type {number} */ one) => one < floor + MARGIN; // silence is not worth a word, however it wavers
    const before = this.told?.level ?? Infinity;
    const hasChanged = Math.abs(level - before) >= LEVEL_STEP && !(isQuiet(level) && isQuiet(before));
    if (since < LEVEL_PAUSE_MS || (!hasChanged && since < LEVEL_EVERY_MS)) return;
    this.told = { at, level, floor };
    this.outlets.onLevel(this.told);
  }
}

/** The level of several tenths of a second together: their mean power. @param {number[]} levels dBFS */
export function meanLevel(levels) {
  const power = levels.reduce((sum, level) => sum + 10 ** (level / 10), 0) / levels.length;
  return power > 0 ? Math.min(0, Math.max(QUIETEST, 10 * Math.log10(power))) : QUIETEST;
}

/** @param {Float32Array[]} parts @returns {ArrayBuffer} int16 little-endian */
export function toInt16(parts) {
  const view = new DataView(new ArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0) * 2));
  let at = 0;
  for (const sample of parts.flatMap((part) => [...part])) {
    view.setInt16(at, Math.max(-32768, Math.min(32767, Math.round(sample * 32767))), true);
    at += 2;
  }
  return view.buffer;
}
