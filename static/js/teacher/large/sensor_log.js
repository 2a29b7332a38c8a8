// What the server says of movement and sound: the newest of each student, and the arm's level of the last minutes.

/**
 * @typedef {[string, number, string | null, boolean, number | null]} ToldArm participant, level 0-100, family, explained, strength
 * @typedef {[string, string, number, number, number | null]} ToldSound participant, channel, level and floor in dBFS, speech 0-1
 * @typedef {{level: number, family: string | null, explained: boolean}} Arm
 * @typedef {{channel: string, level: number, floor: number, speech: number | null, at: number}} Sound
 */

/** A sound that nothing was said of for so long is over; the page of the student speaks every ten seconds at least. */
export const SOUND_LASTS_MS = 15_000;
/** Loudness is drawn from the room's own floor to so many decibels above it. */
export const LOUD_DB = 40;
/** From here on it is called speech; the server's own rule decides about alerts. */
export const SPEECH_FROM = 0.5;

export class SenseLog {
  /** @param {import("./score_log.js").ScoreLog} past keeps the levels of the last minutes */
  constructor(past) {
    this.past = past;
    /** @type {Map<string, Arm>} */
    this.arms = new Map();
    /** @type {Map<string, Map<string, Sound>>} by participant, then channel */
    this.sounds = new Map();
  }

  /** @param {{arms?: ToldArm[], sounds?: ToldSound[]}} told what changed @param {number} now milliseconds */
  take({ arms = [], sounds = [] }, now) {
    for (const [id, level, family, explained] of arms) this.arms.set(id, { level, family, explained });
    this.past.take(arms.map(([id, level, family]) => [id, level, family, 0]), now);
    for (const [id, channel, level, floor, speech] of sounds) {
      const channels = this.sounds.get(id) ?? new Map();
      channels.set(channel, { channel, level, floor, speech, at: now });
      this.sounds.set(id, channels);
    }
  }

  /** @param {string} id @returns {Arm | null} */
  armOf(id) {
    return this.arms.get(id) ?? null;
  }

  /** The sounds that are still known of, the student's own computer first. @param {string} id @param {number} now @returns {Sound[]} */
  soundsOf(id, now) {
    const found = [...(this.sounds.get(id)?.values() ?? [])].filter(({ at }) => now - at <= SOUND_LASTS_MS);
    return found.sort((a, b) => Number(b.channel === "webcam") - Number(a.channel === "webcam"));
  }
}

/** How loud it is above the room's own floor, 0 to 1. @param {{level: number, floor: number}} sound */
export function loudness({ level, floor }) {
  return Math.min(1, Math.max(0, (level - floor) / LOUD_DB));
}

/** @param {{speech: number | null}} sound */
export function isSpeech({ speech }) {
  return speech !== null && speech >= SPEECH_FROM;
}
