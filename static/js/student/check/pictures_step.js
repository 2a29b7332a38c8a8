// The step "Pictures for the comparison": taken when the student says so, left out when the student says so.

import { find } from "../../shared/dom.js";
import { isEnrolled, reasonWords, takePictures } from "./enrol.js";
import { N_ } from "./mark.js";
import { TryBox } from "./try_box.js";

const DONE = N_("Three good pictures were taken.");
const KNOWN = N_("The server already has something to compare you with. Nothing more is needed here.");
const LATE = N_("The pictures could not be taken yet. Try again, or go on without them.");
const OFF = N_("The server cannot take pictures for a comparison at the moment. You can go on without them.");

export class PicturesStep {
  /** @param {HTMLElement} root @param {{ask: import("./enrol.js").Ask, onNext: () => void}} acts */
  constructor(root, { ask, onNext }) {
    this.ask = ask;
    this.onNext = onNext;
    this.run = 0;
    this.progress = find(".try-progress", HTMLProgressElement, root);
    this.box = new TryBox(root, { begin: () => void this.#begin(), next: () => this.#go(), skip: () => this.#go() });
  }

  /** A page that was loaded again may have them already, and a photo that a teacher gave may be enough. */
  async enter() {
    const run = this.run;
    if ((await isEnrolled(this.ask)) && run === this.run) this.box.show("good", KNOWN);
  }

  stop() {
    this.run += 1;
  }

  #go() {
    this.stop();
    this.onNext();
  }

  async #begin() {
    this.stop();
    const run = this.run;
    let last = reasonWords(null);
    const show = (/** @type {string | null} */ reason, /** @type {number} */ passed) => {
      last = reasonWords(reason);
      this.progress.value = passed;
      this.box.show("busy", last.text, last.help);
    };
    this.progress.hidden = false;
    show(null, 0);
    const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const outcome = await takePictures(this.ask, show, { pause, isWanted: () => run === this.run });
    if (outcome === "stopped") return;
    this.progress.hidden = true;
    if (outcome === "enrolled") this.box.show("good", DONE);
    else if (outcome === "late") this.box.show("bad", LATE, last.help);
    else this.box.show("bad", OFF);
  }
}
