// The heart of the capture worker: waits for the beat, takes the newest picture, makes a JPEG of it, hands it over.

import { Pacer } from "./pacing.js";

/** @typedef {{source: CanvasImageSource | ArrayBuffer, width: number, height: number, takenAt: number, done: () => void}} Picture */
/** @typedef {{fps: number, jitter: number} | null} Timing */
/**
 * @typedef {object} Source
 * @property {() => Promise<Picture | null>} take the newest picture, or null
 * @property {() => void} close
 * @property {{read: () => Timing}} [timing] how the camera's frames follow each other, where every one is seen
 */
/** @typedef {(picture: Picture, width: number, height: number, quality: number) => Promise<ArrayBuffer>} Encode */
/**
 * @typedef {object} Surroundings what the loop needs from its thread
 * @property {() => number} now milliseconds since the Unix epoch
 * @property {(run: () => void, ms: number) => number} later
 * @property {(handle: number) => void} never
 * @property {(message: Record<string, any>, transfer?: Transferable[]) => void} post
 * @property {Encode} encode
 */

const RETRY_MS = 40; // after a beat without a picture
const STARVED_MS = 3000; // without any new picture the camera counts as silent

export class CaptureLoop {
  /** @param {Surroundings} world @param {number} firstSeq later pages of the same place must go on above earlier ones */
  constructor(world, firstSeq) {
    this.world = world;
    this.pacer = new Pacer();
    this.seq = firstSeq;
    /** @type {Source | null} */
    this.source = null;
    this.isBusy = false;
    /** @type {number | null} since when the camera gave nothing although a picture was due */
    this.emptySince = null;
    this.isStarved = false;
    this.alarm = 0;
  }

  /** Take pictures from here from now on. @param {Source | null} source */
  use(source) {
    this.source?.close();
    this.source = source;
    this.emptySince = null;
    this.isStarved = false;
    this.wake();
  }

  /** @param {import("./pacing.js").Plan} plan */
  obey(plan) {
    this.pacer.obey(plan);
    this.wake();
  }

  /** @param {boolean} on */
  run(on) {
    this.pacer.run(on);
    this.emptySince = null;
    this.wake();
  }

  /** @param {number} seq @param {number | null} retryAfter seconds to wait, where the server said so */
  answered(seq, retryAfter) {
    if (seq !== this.seq) return; // an answer that came after we had given it up
    const now = this.world.now();
    if (retryAfter === null) this.pacer.acked(now);
    else this.pacer.refused(now, retryAfter);
    this.wake();
  }

  /** Look again at when the next picture is due. */
  wake() {
    this.world.never(this.alarm);
    if (this.isBusy || !this.source) return;
    const wait = this.pacer.wait(this.world.now());
    if (wait < Infinity) this.alarm = this.world.later(() => void this.#beat(), wait);
  }

  async #beat() {
    if (this.isBusy || !this.source) return;
    this.isBusy = true;
    const source = this.source;
    const picture = await source.take().catch(() => null);
    // The camera may have been changed, or the plan withdrawn, while we waited for the picture.
    const isWanted = picture && source === this.source && this.pacer.wait(this.world.now()) === 0;
    if (isWanted) await this.#send(picture);
    this.isBusy = false;
    picture?.done();
    if (picture) this.wake();
    else this.#starve();
  }

  /** @param {Picture} picture */
  async #send(picture) {
    const width = Math.min(this.pacer.width, picture.width) & ~1;
    const height = Math.max(2, Math.round((picture.height * width) / picture.width) & ~1);
    const quality = this.pacer.quality;
    this.pacer.taken(this.world.now());
    this.#fed();
    try {
      const jpeg = await this.world.encode(picture, width, height, quality);
      this.seq += 1;
      const timing = this.source?.timing?.read() ?? null;
      const about = { seq: this.seq, capturedAt: Math.round(picture.takenAt), width, height, level: this.pacer.steps.level, timing };
      this.world.post({ type: "frame", ...about, jpeg }, [jpeg]);
    } catch {
      this.pacer.dropped(); // the track ended under our hands; the camera sensor tells why
    }
  }

  #fed() {
    this.emptySince = null;
    if (this.isStarved) this.world.post({ type: "fed" });
    this.isStarved = false;
  }

  #starve() {
    this.emptySince ??= this.world.now();
    if (!this.isStarved && this.world.now() - this.emptySince > STARVED_MS) {
      this.isStarved = true;
      this.world.post({ type: "starved" });
    }
    this.world.never(this.alarm);
    this.alarm = this.world.later(() => void this.#beat(), RETRY_MS);
  }
}
