// Live listening: asks the server for one student's sound, plays it, and stops when the teacher goes elsewhere.

/**
 * @typedef {object} Heard
 * @property {string} participant
 * @property {string} channel
 * @property {number} seq
 * @property {ArrayBuffer} data 16-bit little-endian samples, mono
 */

export const RATE = 16_000;
/** A chunk is played this much later than it could be, so that the next one comes in time. */
export const AHEAD_S = 0.25;
/** What piled up beyond this is left out: a teacher wants to hear now, not all of it. */
export const MOST_BEHIND_S = 1.5;

/** @param {ArrayBuffer} data @returns {Float32Array<ArrayBuffer>} samples from -1 to 1 */
export function samplesOf(data) {
  const view = new DataView(data);
  const samples = new Float32Array(Math.floor(data.byteLength / 2));
  for (let n = 0; n < samples.length; n += 1) samples[n] = view.getInt16(2 * n, true) / 32_768;
  return samples;
}

/**
 * When a chunk begins to play: right after the one before, never in the past, and nothing where too much waits already.
 * @param {number} end when what waits is over @param {number} now @returns {number | null}
 */
export function startOf(end, now) {
  if (end - now > MOST_BEHIND_S) return null;
  return end > now ? end : now + AHEAD_S;
}

export class Listening {
  /**
   * @param {(event: "listen", payload: {participant: string, channel: string, on: boolean}) => Promise<unknown>} request
   * @param {(problem: unknown) => void} onProblem
   * @param {() => void} onChange
   */
  constructor(request, onProblem, onChange) {
    this.request = request;
    this.onProblem = onProblem;
    this.onChange = onChange;
    /** @type {{participant: string, channel: string} | null} */
    this.to = null;
    /** @type {AudioContext | null} */
    this.context = null;
    this.end = 0;
  }

  /** The channel of a student that is listened to, or null. @param {string} participant */
  channelOf(participant) {
    return this.to?.participant === participant ? this.to.channel : null;
  }

  /** @param {string} participant @param {string} channel @param {boolean} on */
  async set(participant, channel, on) {
    await this.stop();
    if (!on) return;
    // a browser lets sound out only from a click, which this is
    this.context = new AudioContext({ sampleRate: RATE });
    this.end = 0;
    this.to = { participant, channel };
    this.onChange();
    try {
      await this.request("listen", { participant, channel, on: true });
    } catch (problem) {
      this.#forget();
      this.onProblem(problem);
    }
  }

  /** Stop, and say so to the server, which tells the student. */
  async stop() {
    const { to } = this;
    if (!to) return;
    this.#forget();
    await this.request("listen", { ...to, on: false }).catch(() => {}); // not connected: the server has stopped by itself
  }

  /** The connection is new: the server has stopped by itself. */
  again() {
    if (this.to) this.#forget();
  }

  /** @param {Heard} heard */
  take({ participant, channel, data }) {
    if (!this.context || this.channelOf(participant) !== channel || data.byteLength < 2) return;
    const start = startOf(this.end, this.context.currentTime);
    if (start === null) return;
    const samples = samplesOf(data);
    const buffer = this.context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start(start);
    this.end = start + buffer.duration;
  }

  #forget() {
    this.to = null;
    void this.context?.close();
    this.context = null;
    this.onChange();
  }
}
