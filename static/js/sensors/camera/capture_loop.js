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

/** Of thumbnails, for pages that show many students: pixels, JPEG quality. */
const THUMBNAIL = { width: 176, quality: 0.5 };
const RETRY_MS = 40; // after a beat without a picture
const STARVED_MS = 3000; // without any new picture the camera counts as silent

export class CaptureLoop {
  /** @param {Surroundings} world @param {number} firstSeq later pages of the same place must go on above earlier ones */
  constructor(world, firstSeq) {
    this.world = world;
    this.pacer = new Pacer();
    this.thumbnails = new Pacer();
    this.seq = firstSeq;
    this.thumbnailSeq = firstSeq;
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
    this.thumbnails.obey({ ...THUMBNAIL, fps: plan.thumbnails ?? 0 });
    this.wake();
  }

  /** @param {boolean} on */
  run(on) {
    this.pacer.run(on);
    this.thumbnails.run(on);
    this.emptySince = null;
    this.wake();
  }

  /** @param {number} seq @param {number | null} retryAfter seconds to wait, where the server said so */
  answered(seq, retryAfter) {
    if (seq === this.seq) this.#answer(this.pacer, retryAfter); // else it came after we had given it up
  }

  /** @param {number} seq @param {number | null} retryAfter seconds to wait, where the server said so */
  thumbnailAnswered(seq, retryAfter) {
    if (seq === this.thumbnailSeq) this.#answer(this.thumbnails, retryAfter);
  }

  /** @param {Pacer} pacer @param {number | null} retryAfter */
  #answer(pacer, retryAfter) {
    const now = this.world.now();
    if (retryAfter === null) pacer.acked(now);
    else pacer.refused(now, retryAfter);
    this.wake();
  }

  /** Look again at when the next picture is due. */
  wake() {
    this.world.never(this.alarm);
    if (this.isBusy || !this.source) return;
    const now = this.world.now();
    const wait = Math.min(this.pacer.wait(now), this.thumbnails.wait(now));
    if (wait < Infinity) this.alarm = this.world.later(() => void this.#beat(), wait);
  }

  async #beat() {
    if (this.isBusy || !this.source) return;
    this.isBusy = true;
    const source = this.source;
    const picture = await source.take().catch(() => null);
    // The camera may have been changed, or the plan withdrawn, while we waited for the picture.
    const isDue = (/** @type {Pacer} */ pacer) => source === this.source && pacer.wait(this.world.now()) === 0;
    if (picture && isDue(this.pacer)) await this.#send(picture);
    if (picture && isDue(this.thumbnails)) await this.#sendThumbnail(picture);
    this.isBusy = false;
    picture?.done();
    if (picture) this.wake();
    else this.#starve();
  }

  /** @param {Picture} picture */
  async #send(picture) {
    const { width, height } = sizeOf(picture, this.pacer.width);
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

  /** @param {Picture} picture */
  async #sendThumbnail(picture) {
    const { width, height } = sizeOf(picture, this.thumbnails.width);
    this.thumbnails.taken(this.world.now());
    this.#fed();
    try {
      const jpeg = await this.world.encode(picture, width, height, this.thumbnails.quality);
      this.thumbnailSeq += 1;
      this.world.post({ type: "thumbnail", seq: this.thumbnailSeq, capturedAt: Math.round(picture.takenAt), jpeg }, [jpeg]);
    } catch {
      this.thumbnails.dropped();
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

/**
 * The size of a picture so many pixels wide, in whole pairs of pixels, as JPEG has its colours.
 * @param {Picture} picture @param {number} most
 */
function sizeOf(picture, most) {
  const width = Math.min(most, picture.width) & ~1;
  return { width, height: Math.max(2, Math.round((picture.height * width) / picture.width) & ~1) };
}
