// Keeps a phone's screen on during the exam: a sleeping screen ends the camera.

/** @typedef {"kept" | "lost" | "unsupported"} WakeState */

export class Wake {
  /** @param {(state: WakeState) => void} [onState] */
  constructor(onState = () => {}) {
    this.onState = onState;
    this.wanted = false;
    /** @type {WakeState} */
    this.state = "wakeLock" in navigator ? "lost" : "unsupported";
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    document.addEventListener("visibilitychange", () => void this.keep(this.wanted));
  }

  /** @param {boolean} wanted */
  async keep(wanted) {
    this.wanted = wanted;
    if (!wanted) return void this.lock?.release().catch(() => {});
    if (document.hidden || (this.lock && !this.lock.released)) return;
    // Older browsers and low batteries have none; the exam goes on without.
    this.lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    this.lock?.addEventListener("release", () => this.#become("lost"));
    if (this.state !== "unsupported") this.#become(this.lock ? "kept" : "lost");
  }

  /** @param {WakeState} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
