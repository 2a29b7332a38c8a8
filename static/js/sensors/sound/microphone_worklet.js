// Runs on the browser's audio thread: collects the microphone's samples, all channels made one, and hands them over.

/** What the audio thread has and the page has not. */
const audio = /** @type {{AudioWorkletProcessor: any, registerProcessor: (name: string, processor: any) => void}} */ (
  /** @type {unknown} */ (globalThis)
);

const BLOCK = 2048; // samples: some 20 messages a second at 48 kHz

class Collector extends audio.AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs @returns {boolean} always true: stay alive while the microphone pauses */
  process([channels]) {
    if (channels?.length) this.#collect(channels);
    return true;
  }

  /** @param {Float32Array[]} channels */
  #collect(channels) {
    for (let at = 0; at < channels[0].length; at += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[at];
      this.block[this.filled] = sum / channels.length;
      this.filled += 1;
      if (this.filled === BLOCK) this.#give();
    }
  }

  #give() {
    /** @type {any} */ (this).port.postMessage(this.block, [this.block.buffer]);
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
  }
}

audio.registerProcessor("exam-collector", Collector);
