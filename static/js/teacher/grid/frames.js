// Puts all changes of the page that came between two frames of the screen into one go.

export class FrameBatch {
  /** @param {(run: () => void) => void} [schedule] */
  constructor(schedule = (run) => void requestAnimationFrame(run)) {
    this.schedule = schedule;
    /** @type {Set<() => void>} */
    this.waiting = new Set();
  }

  /**
   * Run `draw` with the next frame, once however often it was asked for.
   * @param {() => void} draw
   */
  ask(draw) {
    if (this.waiting.size === 0) this.schedule(() => this.run());
    this.waiting.add(draw);
  }

  run() {
    const draws = [...this.waiting];
    this.waiting.clear();
    for (const draw of draws) draw();
  }
}
