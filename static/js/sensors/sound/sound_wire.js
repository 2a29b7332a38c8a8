// Carries what the microphone gives to the server, in the protocol's words.

import { Outlet } from "../camera/outlet.js";

const MOST_UNDER_WAY = 6; // three seconds of sound
const round = (/** @type {number} */ level) => Math.round(level * 10) / 10;

export class SoundWire {
  /** @param {import("../camera/outlet.js").Ask} ask @param {number} [firstSeq] */
  constructor(ask, firstSeq) {
    this.ask = ask;
    this.outlet = new Outlet(ask, "sound", MOST_UNDER_WAY, firstSeq);
  }

  /** @param {import("./sound_gate.js").Sound} sound */
  sound({ at, level, floor, data, why }) {
    this.outlet.send({ at: Math.round(at), level: round(level), floor: round(floor), data, why });
  }

  /** @param {import("./sound_gate.js").Level} level */
  level({ at, level, floor }) {
    this.ask("level", { at: Math.round(at), level: round(level), floor: round(floor) }).catch(() => {});
  }
}
