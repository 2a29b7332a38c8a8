// The microphone as a sensor: asks for it, measures it, and lets go of sound only where there is something to hear.

import { RATE } from "./loudness.js";
import { Resampler } from "./resampler.js";
import { SoundGate } from "./sound_gate.js";

/** @typedef {"off" | "on" | "denied" | "none"} MicrophoneState `off` also while the browser waits for a touch */
/** @typedef {import("./sound_gate.js").Sound} Sound */
/** @typedef {import("./sound_gate.js").Level} Level */
/**
 * @typedef {object} MicrophoneEvents
 * @property {(state: MicrophoneState) => void} onState
 * @property {(sound: Sound) => void} onSound
 * @property {(level: Level) => void} onLevel
 * @property {(level: Level) => void} onMeter ten times a second, for a bar on the page
 * @property {(sending: boolean) => void} onSending
 */
/**
 * @typedef {object} World
 * @property {MediaDevices | undefined} media
 * @property {(stream: MediaStream, onSamples: (samples: Float32Array, rate: number) => void) => Promise<Tap>} tap
 * @property {() => number} now
 */
/** @typedef {{close: () => void, resume: () => void}} Tap */

// What makes a call sound better would hide the room: the level has to be the room's own.
const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const MOST_DRIFT_MS = 300; // samples late or lost: the time of day is asked anew

export class Microphone {
  /** @param {MicrophoneEvents} events @param {World} [world] */
  constructor(events, world = { media: navigator.mediaDevices, tap: tapStream, now: () => Date.now() }) {
    this.events = events;
    this.world = world;
    /** @type {MicrophoneState} */
    this.state = "off";
    this.gate = new SoundGate(events);
    this.isSending = false;
    this.isWanted = false;
    this.at = 0; // when the next sample was taken, ms since the epoch
    /** @type {Resampler | null} */
    this.resampler = null;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {Tap | null} */
    this.open = null;
    world.media?.addEventListener("devicechange", () => void this.#again());
  }

  /** Ask for the microphone; again after a refusal where the student changed their mind. */
  async start() {
    if (this.stream) return this.open?.resume();
    this.isWanted = true;
    if (!this.world.media?.getUserMedia) return this.#become("none");
    try {
      this.#take(await this.world.media.getUserMedia({ audio: WANTED }));
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      this.#become(name === "NotAllowedError" || name === "SecurityError" ? "denied" : "none");
    }
  }

  /** Switch it off for good. */
  stop() {
    this.isWanted = false;
    this.#release();
    this.#become("off");
  }

  /** A touch lets a browser begin that waited for one. */
  resume() {
    this.open?.resume();
  }

  /** A teacher listens, or no longer does. @param {boolean} on */
  listen(on) {
    this.gate.listen(on);
    this.#tellSending();
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    const [track] = stream.getAudioTracks();
    if (!this.isWanted) return track.stop();
    this.stream = stream;
    this.resampler = null;
    track.addEventListener("ended", () => this.stream === stream && this.#lost());
    const hear = (/** @type {Float32Array} */ samples, /** @type {number} */ rate) => this.#heard(stream, samples, rate);
    this.world.tap(stream, hear).then(
      (tap) => (this.stream === stream ? void (this.open = tap) : tap.close()),
      () => this.stream === stream && this.#lost(),
    );
  }

  /** @param {MediaStream} stream @param {Float32Array} samples @param {number} rate */
  #heard(stream, samples, rate) {
    if (this.stream !== stream) return;
    this.#become("on");
    this.resampler ??= new Resampler(rate, RATE);
    const begun = this.world.now() - (samples.length / rate) * 1000;
    if (Math.abs(begun - this.at) > MOST_DRIFT_MS) this.at = begun;
    const made = this.resampler.push(samples);
    this.gate.push(made, this.at);
    this.at += (samples.length / rate) * 1000;
    this.#tellSending();
  }

  #lost() {
    this.#release();
    this.#become("none");
    void this.#again();
  }

  /** Another microphone may have come. */
  async #again() {
    if (!this.isWanted || this.stream || this.state === "denied") return;
    const devices = (await this.world.media?.enumerateDevices()) ?? [];
    if (!this.stream && devices.some(({ kind }) => kind === "audioinput")) await this.start();
  }

  #release() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.open?.close();
    this.stream = null;
    this.open = null;
    this.gate = Object.assign(new SoundGate(this.events), { isListened: this.gate.isListened });
    this.#tellSending();
  }

  #tellSending() {
    const isSending = this.gate.isSending && this.state === "on";
    if (isSending === this.isSending) return;
    this.isSending = isSending;
    this.events.onSending(isSending);
  }

  /** @param {MicrophoneState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.events.onState(state);
    this.#tellSending();
  }
}

/** Read a stream's samples on the browser's audio thread. @type {World["tap"]} */
async function tapStream(stream, onSamples) {
  const { audio, source } = openAudio(stream);
  await audio.audioWorklet.addModule(new URL("./microphone_worklet.js", import.meta.url));
  const collector = new AudioWorkletNode(audio, "exam-collector", { numberOfOutputs: 1 });
  collector.port.onmessage = ({ data }) => onSamples(data, audio.sampleRate);
  // Some browsers run only what leads to the loudspeakers; the collector gives them silence.
  source.connect(collector).connect(audio.destination);
  const resume = () => void audio.resume().catch(() => {});
  resume();
  return { resume, close: () => void audio.close().catch(() => {}) };
}

/** At 16 kHz where the browser makes that itself; Firefox refuses to join two rates and gets the resampler. @param {MediaStream} stream */
function openAudio(stream) {
  const wanted = new AudioContext({ sampleRate: RATE });
  try {
    return { audio: wanted, source: wanted.createMediaStreamSource(stream) };
  } catch {
    void wanted.close();
    const audio = new AudioContext();
    return { audio, source: audio.createMediaStreamSource(stream) };
  }
}
