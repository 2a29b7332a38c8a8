// Where the capture worker gets its pictures from: a stream of the camera's own, or the page on request.

import { FrameTiming } from "./frame_timing.js";

/** @typedef {import("./capture_loop.js").Picture} Picture */

const STALE_MS = 1500; // an older picture is no picture: a frozen camera must not look alive

/** Keeps the newest frame of a camera's stream (MediaStreamTrackProcessor) and lets all others go at once. */
export class StreamSource {
  /** @param {ReadableStream<VideoFrame>} readable @param {() => number} now */
  constructor(readable, now) {
    this.now = now;
    this.reader = readable.getReader();
    /** @type {VideoFrame | null} */
    this.latest = null;
    this.latestAt = 0;
    this.timing = new FrameTiming();
    void this.#read();
  }

  async #read() {
    for (;;) {
      const { done, value } = await this.reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || !value) break;
      this.latest?.close(); // the camera has only a few frames to lend
      this.latest = value;
      this.latestAt = this.now();
      this.timing.add(value.timestamp / 1000); // given in microseconds
    }
    this.close();
  }

  /** @returns {Promise<Picture | null>} */
  async take() {
    const frame = this.latest;
    if (!frame || this.now() - this.latestAt > STALE_MS) return null;
    this.latest = null;
    const size = { width: frame.displayWidth, height: frame.displayHeight };
    return { source: frame, ...size, takenAt: this.latestAt, done: () => frame.close() };
  }

  close() {
    this.latest?.close();
    this.latest = null;
    void this.reader.cancel().catch(() => {});
  }
}

/** Asks the page for one picture at a time, for browsers that give no stream of frames. */
export class AskedSource {
  /** @param {() => void} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {((picture: Picture | null) => void) | null} */
    this.waiting = null;
  }

  /** @returns {Promise<Picture | null>} */
  take() {
    this.waiting?.(null);
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.ask();
    });
  }

  /** The page's answer; `picture` is null when the camera shows nothing new.
   * @param {ImageBitmap | ArrayBuffer | null} picture @param {number} width @param {number} height @param {number} takenAt */
  give(picture, width, height, takenAt) {
    const done = () => (picture instanceof ArrayBuffer ? undefined : picture?.close());
    const source = /** @type {any} */ (picture);
    this.waiting?.(picture && { source, width, height, takenAt, done });
    this.waiting = null;
  }

  close() {
    this.waiting?.(null);
    this.waiting = null;
  }
}
