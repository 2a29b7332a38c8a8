// When the next picture is due, and how large and how good it may be. Pure: every time is an argument, in milliseconds.

import { PictureSteps } from "./picture_steps.js";

/** @typedef {{fps: number, width: number, quality: number, thumbnails?: number}} Plan what the server asks for */

/** A picture whose answer has not come after this long is taken for lost; the next one may go. */
export const ACK_TIMEOUT_MS = 5000;

const LEAST_QUALITY = 0.3;
const LEAST_WIDTH = 160;

/** One picture under way at a time, never faster than the plan, never before the server answered. */
export class Pacer {
  constructor() {
    /** @type {Plan} */
    this.plan = { fps: 0, width: 320, quality: 0.6 };
    this.steps = new PictureSteps();
    this.running = false;
    /** @type {number | null} */
    this.sentAt = null;
    this.notBefore = 0;
    this.lastTaken = -Infinity;
  }

  /** Follow a new plan from now on. @param {Plan} plan */
  obey(plan) {
    this.plan = plan;
  }

  /** Let pictures go, or hold them while nobody could answer. @param {boolean} on */
  run(on) {
    this.running = on;
    this.sentAt = null;
  }

  get interval() {
    return this.plan.fps > 0 ? 1000 / this.plan.fps : Infinity;
  }

  get width() {
    return Math.max(LEAST_WIDTH, Math.round(this.plan.width * this.steps.step.width));
  }

  get quality() {
    return Math.max(LEAST_QUALITY, this.plan.quality * this.steps.step.quality);
  }

  /** Say how long to wait before the next picture; Infinity while none is wanted. @param {number} now */
  wait(now) {
    if (!this.running || this.plan.fps <= 0) return Infinity;
    const lost = this.sentAt === null ? 0 : this.sentAt + ACK_TIMEOUT_MS;
    const due = Math.max(this.lastTaken + this.interval, this.notBefore, lost);
    return Math.max(0, due - now);
  }

  /** A picture leaves now. @param {number} now */
  taken(now) {
    if (this.sentAt !== null) this.steps.slow(ACK_TIMEOUT_MS, this.interval);
    // Keeps to the beat while on time, and starts a new one after a gap, so that nothing is sent in a burst.
    const beat = this.lastTaken + this.interval;
    this.lastTaken = now - beat < this.interval ? beat : now;
    this.sentAt = now;
  }

  /** The picture could not be taken after all: try again at the next beat. */
  dropped() {
    this.sentAt = null;
  }

  /** The server answered the picture under way. @param {number} now */
  acked(now) {
    if (this.sentAt === null) return;
    this.steps.answered(now - this.sentAt, this.interval);
    this.sentAt = null;
  }

  /** The server asked for a pause. @param {number} now @param {number} seconds */
  refused(now, seconds) {
    this.sentAt = null;
    this.notBefore = now + seconds * 1000;
  }
}
