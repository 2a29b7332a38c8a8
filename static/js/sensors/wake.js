// Keeps a phone's screen on during the exam: a sleeping screen ends the camera.

/**
 * `lost`: it was kept, and is no longer while the page is away; `unsupported`: the browser cannot, or will not, for
 * example to save an almost empty battery.
 * @typedef {"kept" | "lost" | "unsupported"} WakeState
 */

export class Wake {
  /** @param {(state: WakeState) => void} [onState] */
  constructor(onState = () => {}) {
    this.onState = onState;
    this.wanted = false;
    /** @type {WakeState} */
    this.state = "unsupported";
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    document.addEventListener("visibilitychange", () => void this.keep(this.wanted));
  }

  /** @param {boolean} wanted */
  async keep(wanted) {
    this.wanted = wanted;
    if (!wanted) return void this.lock?.release().catch(() => {});
    if (document.hidden || (this.lock && !this.lock.released)) return;
    // Where there is none the exam goes on without.
    this.lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    this.lock?.addEventListener("release", () => this.#become("lost"));
    this.#become(this.lock ? "kept" : "unsupported");
  }

  /** @param {WakeState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
