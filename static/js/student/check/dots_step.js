// The step "Look at the dots": the dots fill the screen; Esc, the button or the end of the check stop them.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { lookAtDots, TARGETS } from "./calibrate.js";
import { N_ } from "./mark.js";
import { TryBox } from "./try_box.js";

/** @type {Record<import("./calibrate.js").Target, string>} */
const PLACES = {
  neutral: N_("The middle"),
  top_left: N_("Top left"),
  top_right: N_("Top right"),
  bottom_right: N_("Bottom right"),
  bottom_left: N_("Bottom left"),
};
const DONE = N_("Your usual position is known.");
const AGAIN = N_("That was not enough to know your usual position.");
const AGAIN_HELP = N_("Sit with your whole face in good light and look at each dot until the next one appears. Or go on without.");
const OFF = N_("The server cannot do this at the moment. You can go on without.");
const STOPPED = N_("Stopped. Try again, or go on without.");

export class DotsStep {
  /**
   * @param {HTMLElement} root
   * @param {HTMLDialogElement} dialog
   * @param {{ask: import("./enrol.js").Ask, onNext: () => void}} acts
   */
  constructor(root, dialog, { ask, onNext }) {
    this.ask = ask;
    this.onNext = onNext;
    this.dialog = dialog;
    this.run = 0;
    /** @type {() => void} ends the pause at a dot */
    this.wake = () => {};
    this.words = find("[role=status]", HTMLElement, dialog);
    this.dot = find(".dot", HTMLElement, dialog);
    this.box = new TryBox(root, { begin: () => void this.#begin(), next: onNext, skip: () => this.#skip() });
    find("[data-stop]", HTMLButtonElement, dialog).addEventListener("click", () => this.stop());
    dialog.addEventListener("cancel", () => this.stop());
  }

  enter() {}

  stop() {
    this.run += 1;
    this.wake();
    this.dialog.close();
  }

  #skip() {
    this.ask("calibration", { phase: "skip", target: null }).catch(() => {}); // a word for the server, no question
    this.onNext();
  }

  /** @param {import("./calibrate.js").Target} target @param {number} index */
  #show(target, index) {
    this.dot.dataset.target = target;
    this.dot.dataset.turn = index % 2 ? "odd" : "even"; // two names of one animation: it begins anew at each dot
    const count = t("%(number)d of %(count)d", { number: index + 1, count: TARGETS.length });
    this.words.textContent = `${t(PLACES[target])} · ${count}`;
  }

  async #begin() {
    this.run += 1;
    const run = this.run;
    this.#show("neutral", 0);
    this.dialog.showModal();
    const pause = (/** @type {number} */ ms) => new Promise((/** @type {(value: void) => void} */ resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => (clearTimeout(timer), resolve());
    });
    const isWanted = () => run === this.run;
    const result = await lookAtDots(this.ask, (target, index) => this.#show(target, index), { pause, isWanted });
    if (result === "stopped") return this.box.show("bad", STOPPED);
    this.dialog.close();
    if (!result) this.box.show("bad", OFF);
    else if (result.baseline) this.box.show("good", DONE);
    else this.box.show("bad", result.reason ?? AGAIN, AGAIN_HELP);
  }
}
