// What a phone says of itself, told when it changes and every 15 seconds.

export const EVERY_MS = 15_000;
const SETTLE_MS = 250; // several things change together when a phone is unlocked

/**
 * @typedef {object} Health as docs/protocol.md names it
 * @property {number | null} battery
 * @property {boolean | null} charging
 * @property {"kept" | "lost" | "unsupported"} awake
 * @property {boolean} visible
 * @property {"portrait" | "landscape" | null} orientation
 * @property {string | null} network
 * @property {string} camera
 * @property {string} motion
 * @property {string} microphone
 */

export class HealthReport {
  /**
   * @param {() => Health} read
   * @param {(health: Health) => boolean} tell says whether it could be told
   * @param {{later: (run: () => void, ms: number) => any, every: (run: () => void, ms: number) => any}} [world]
   */
  constructor(read, tell, world = { later: (run, ms) => setTimeout(run, ms), every: (run, ms) => setInterval(run, ms) }) {
    this.read = read;
    this.tell = tell;
    this.world = world;
    this.told = "";
    this.isWaiting = false;
    world.every(() => this.now(), EVERY_MS);
  }

  /** Something may have changed. */
  changed() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.world.later(() => {
      this.isWaiting = false;
      if (JSON.stringify(this.read()) !== this.told) this.now();
    }, SETTLE_MS);
  }

  /** Tell it again, changed or not. */
  now() {
    const health = this.read();
    if (this.tell(health)) this.told = JSON.stringify(health);
  }
}

/** @param {{type?: string, angle?: number} | undefined} screen window.screen.orientation @param {boolean} isTall */
export function orientationOf(screen, isTall) {
  if (screen?.type) return screen.type.startsWith("portrait") ? "portrait" : "landscape";
  return isTall ? "portrait" : "landscape";
}

/** @param {any} connection navigator.connection, which not every browser has @returns {string | null} */
export function networkOf(connection) {
  const known = connection?.type && connection.type !== "unknown" ? connection.type : connection?.effectiveType;
  return known ?? null;
}
