// How much the student types and points: counts for each second, and never which keys.
//
// What cannot be seen: a frame from another address (an exam that is a link) and the browser's own PDF viewer keep their
// keys and clicks to themselves, as they must. Then only that the frame has the focus is known, which is not counted.

const TELL_EVERY_MS = 1000;
const MOVE_MS = 100; // a mouse that moves counts at most ten times a second

/** @typedef {{keys: number, pointer: number}} Counts */

export class InputCounter {
  /** @param {(counts: Counts) => void} tell @param {{every: (run: () => void, ms: number) => any}} [world] */
  constructor(tell, world = { every: (run, ms) => setInterval(run, ms) }) {
    this.tell = tell;
    this.counts = { keys: 0, pointer: 0 };
    this.movedAt = -Infinity;
    world.every(() => this.#tellSome(), TELL_EVERY_MS);
  }

  /** Count what happens here: a window, or the document of a frame of our own. @param {EventTarget} where */
  watch(where) {
    const listen = (/** @type {string} */ name, /** @type {(event: Event) => void} */ run) =>
      where.addEventListener(name, run, { capture: true, passive: true });
    listen("keydown", () => void (this.counts.keys += 1));
    for (const name of ["pointerdown", "wheel"]) listen(name, () => void (this.counts.pointer += 1));
    listen("pointermove", ({ timeStamp }) => this.#moved(timeStamp));
  }

  /** Watch a frame inside the page as well, where its address lets us. @param {HTMLIFrameElement} frame */
  watchFrame(frame) {
    frame.addEventListener("load", () => {
      const inside = reachable(frame);
      if (inside) this.watch(inside);
    });
  }

  /** @param {number} at milliseconds */
  #moved(at) {
    if (at - this.movedAt < MOVE_MS) return;
    this.movedAt = at;
    this.counts.pointer += 1;
  }

  #tellSome() {
    const { keys, pointer } = this.counts;
    if (keys + pointer === 0) return;
    this.counts = { keys: 0, pointer: 0 };
    this.tell({ keys, pointer });
  }
}

/** @param {HTMLIFrameElement} frame @returns {Window | null} */
function reachable(frame) {
  try {
    return frame.contentDocument && frame.contentWindow;
  } catch {
    return null; // another address
  }
}
