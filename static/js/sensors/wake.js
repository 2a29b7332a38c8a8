// Keeps a phone's screen on during the exam: a sleeping screen ends the camera.

export class Wake {
  constructor() {
    this.wanted = false;
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
  }
}
