// Where the device is, only where the exam asks for it: once at the start and when it has clearly moved.

/** @typedef {{state: "known" | "denied" | "unknown", latitude?: number, longitude?: number, accuracy?: number}} Place degrees, metres */

const EARTH_M = 6_371_008.8;
const LEAST_MOVE_M = 25; // less than what indoor positions wander about
const BETTER = 0.5; // a position half as vague as the one told is worth telling
const OPTIONS = { enableHighAccuracy: true, maximumAge: 30_000, timeout: 60_000 };
const DENIED = 1; // GeolocationPositionError.PERMISSION_DENIED

/** Metres between two places on a sphere (haversine formula). @param {Place} a @param {Place} b */
export function metresBetween(a, b) {
  const rad = (/** @type {number | undefined} */ degrees) => ((degrees ?? 0) * Math.PI) / 180;
  const half = (/** @type {number} */ angle) => Math.sin(angle / 2) ** 2;
  const [up, across] = [rad(b.latitude) - rad(a.latitude), rad(b.longitude) - rad(a.longitude)];
  const h = half(up) + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * half(across);
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Whether a new position says something that the one told before does not. @param {Place | null} told @param {Place} now */
export function isNews(told, now) {
  if (told?.state !== now.state) return true;
  if (now.state !== "known") return false;
  const vague = Math.max(told.accuracy ?? 0, now.accuracy ?? 0);
  // Within its own accuracy a position has not moved.
  return metresBetween(told, now) > Math.max(LEAST_MOVE_M, vague) || (now.accuracy ?? 0) < (told.accuracy ?? 0) * BETTER;
}

export class PlaceSensor {
  /** @param {(place: Place) => void} onPlace @param {Geolocation | undefined} [source] */
  constructor(onPlace, source = navigator.geolocation) {
    this.onPlace = onPlace;
    this.source = source;
    /** @type {Place | null} */
    this.told = null;
    /** @type {number | null} */
    this.watch = null;
  }

  start() {
    if (!this.source) return this.#learn({ state: "unknown" });
    if (this.watch !== null) this.source.clearWatch(this.watch);
    this.watch = this.source.watchPosition(
      ({ coords: { latitude, longitude, accuracy } }) => this.#learn({ state: "known", latitude, longitude, accuracy }),
      ({ code }) => this.#failed(code),
      OPTIONS,
    );
  }

  stop() {
    if (this.watch !== null) this.source?.clearWatch(this.watch);
    this.watch = null;
  }

  /** @param {number} code */
  #failed(code) {
    if (code === DENIED) this.#learn({ state: "denied" });
    else if (this.told?.state !== "known") this.#learn({ state: "unknown" }); // out of reach for a while: no news
  }

  /** @param {Place} place */
  #learn(place) {
    if (!isNews(this.told, place)) return;
    this.told = place;
    this.onPlace(place);
  }
}
