// One clock for all that a page sends: the time of day, also for events that carry the browser's own running time.

const MOST_DRIFT_MS = 500; // a computer that slept, or whose clock was set

/** Turns event.timeStamp (milliseconds since the page began) into milliseconds since the Unix epoch. */
export class EventClock {
  /** @param {() => number} [now] the time of day @param {() => number} [running] the clock of event.timeStamp */
  constructor(now = () => Date.now(), running = () => performance.now()) {
    this.now = now;
    this.running = running;
    this.offset = now() - running();
  }

  /** @param {number} timeStamp */
  at(timeStamp) {
    const offset = this.now() - this.running();
    if (Math.abs(offset - this.offset) > MOST_DRIFT_MS) this.offset = offset;
    return this.offset + timeStamp;
  }
}
