// Ties the camera's pictures, the worker that makes JPEGs of them and the connection that carries them together.

import { FrameGiver } from "./frame_source.js";

/** @typedef {(seq: number, capturedAt: number, jpeg: ArrayBuffer, kind: "frame" | "thumbnail") => Promise<unknown>} Send */
/**
 * @typedef {object} CaptureEvents
 * @property {Send} send resolves with the server's answer; rejects with a problem that may carry `retryAfter` seconds
 * @property {(sent: {bytes: number, width: number, height: number, level: number}) => void} onSent
 * @property {(timing: import("./capture_loop.js").Timing) => void} [onTiming] how the camera's frames follow each other
 * @property {(silent: boolean) => void} onSilent the camera gives no new pictures, or gives them again
 */

/** @returns {Worker} */
function startWorker() {
  return new Worker(new URL("./capture_worker.js", import.meta.url), { type: "module" });
}

export class Capture {
  /** @param {CaptureEvents} events @param {Worker} [worker] */
  constructor(events, worker = startWorker()) {
    this.events = events;
    this.worker = worker;
    this.giver = new FrameGiver((message, transfer) => worker.postMessage(message, transfer));
    worker.onmessage = ({ data }) => this.#heard(data);
    // Another page of the same place counted lower: sequence numbers of one student only ever grow.
    worker.postMessage({ type: "open", firstSeq: Date.now() });
  }

  /** Take pictures from this camera, shown in `video`; null for none. @param {MediaStream | null} stream @param {HTMLVideoElement} video */
  use(stream, video) {
    const track = stream?.getVideoTracks()[0];
    this.giver.video = track ? video : null;
    const Processor = /** @type {any} */ (globalThis).MediaStreamTrackProcessor;
    if (!track) this.worker.postMessage({ type: "source" });
    else if (Processor && "OffscreenCanvas" in globalThis) this.#stream(new Processor({ track, maxBufferSize: 2 }));
    else this.worker.postMessage({ type: "source", ask: true });
  }

  /** @param {{readable: ReadableStream}} processor */
  #stream({ readable }) {
    this.worker.postMessage({ type: "source", readable }, [readable]);
  }

  /** @param {import("./pacing.js").Plan} plan */
  obey(plan) {
    this.worker.postMessage({ type: "plan", plan });
  }

  /** Send only while somebody can answer. @param {boolean} on */
  run(on) {
    this.worker.postMessage({ type: "run", on });
  }

  /** @param {any} data */
  #heard(data) {
    if (data.type === "frame") void this.#carry(data);
    else if (data.type === "thumbnail") void this.#carryThumbnail(data);
    else if (data.type === "want") void this.giver.give(data.width, data.quality);
    else this.events.onSilent(data.type === "starved");
  }

  /** @param {{seq: number, capturedAt: number, jpeg: ArrayBuffer}} thumbnail */
  async #carryThumbnail({ seq, capturedAt, jpeg }) {
    const answer = (/** @type {number | null} */ retryAfter) => this.worker.postMessage({ type: "thumbnail answer", seq, retryAfter });
    try {
      await this.events.send(seq, capturedAt, jpeg, "thumbnail");
      answer(null);
    } catch (problem) {
      answer(/** @type {{retryAfter?: number}} */ (problem).retryAfter ?? null);
    }
  }

  /** @param {{seq: number, capturedAt: number, jpeg: ArrayBuffer, width: number, height: number, level: number, timing: any}} frame */
  async #carry({ seq, capturedAt, jpeg, width, height, level, timing }) {
    this.events.onTiming?.(timing);
    const bytes = jpeg.byteLength;
    try {
      await this.events.send(seq, capturedAt, jpeg, "frame");
      this.worker.postMessage({ type: "answer", seq, retryAfter: null });
      this.events.onSent({ bytes, width, height, level });
    } catch (problem) {
      const retryAfter = /** @type {{retryAfter?: number}} */ (problem).retryAfter ?? null;
      this.worker.postMessage({ type: "answer", seq, retryAfter });
    }
  }
}
