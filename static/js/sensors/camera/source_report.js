// Says every few seconds, and when it changes, what the browser knows of the camera itself.

const EVERY_MS = 10_000;
const MOST_LABEL = 200;

/** @typedef {{label: string, width: number, height: number, fps: number, jitter_ms: number | null}} Source */
/** @typedef {{fps: number, jitter: number} | null} Timing */

/** @param {MediaStreamTrack} track @param {Timing} timing @returns {Source} */
export function sourceOf(track, timing) {
  const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
  const fps = Math.round((timing?.fps ?? frameRate) * 10) / 10;
  const jitter = timing && Math.round(timing.jitter * 1000) / 1000;
  return { label: track.label.slice(0, MOST_LABEL), width, height, fps, jitter_ms: jitter };
}

export class SourceReport {
  /**
   * @param {(source: Record<string, unknown>) => Promise<unknown>} send
   * @param {() => MediaStreamTrack | undefined} track the camera's track, where there is one
   */
  constructor(send, track) {
    this.send = send;
    this.track = track;
    /** @type {Timing} */
    this.timing = null;
    this.isWanted = true;
    setInterval(() => this.tell(), EVERY_MS);
  }

  /** How the camera's frames came lately. @param {Timing} timing */
  learn(timing) {
    if (timing) this.timing = timing;
  }

  /** Another camera: its rhythm is not known yet. */
  changed() {
    this.timing = null;
    this.tell();
  }

  tell() {
    const track = this.track();
    if (!track || !this.isWanted) return;
    const { jitter_ms, ...told } = sourceOf(track, this.timing);
    // What was not measured is not sent: a made-up number could count against the student.
    this.send(jitter_ms === null ? told : { ...told, jitter_ms }).catch((problem) => {
      if (problem.code === "bad_message") this.isWanted = false; // a server that does not know this event
    });
  }
}
