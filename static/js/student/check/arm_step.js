// The step "How your arm moves": 20 seconds with the phone on the arm; it can be left out.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { learnArm, PHASES, SECONDS, SENTENCE } from "./arm_guide.js";
import { N_ } from "./mark.js";
import { TryBox } from "./try_box.js";

const DONE = N_("Your usual movements at the desk are known.");
const AGAIN = N_("That was not enough to know your usual movements.");
const AGAIN_HELP = N_("Is the phone on your arm and its page open? Try once more, or go on without.");
const OFF = N_("The server cannot do this at the moment. You can go on without.");

export class ArmStep {
  /** @param {HTMLElement} root @param {{ask: import("./enrol.js").Ask, onNext: () => void}} acts */
  constructor(root, { ask, onNext }) {
    this.ask = ask;
    this.onNext = onNext;
    this.run = 0;
    this.progress = find(".try-progress", HTMLProgressElement, root);
    this.progress.max = SECONDS;
    this.typing = find(".arm-typing", HTMLElement, root);
    this.field = find("input", HTMLInputElement, this.typing);
    find(".arm-sentence", HTMLElement, this.typing).textContent = t(SENTENCE);
    this.box = new TryBox(root, { begin: () => void this.#begin(), next: () => this.#go(), skip: () => this.#skip() });
  }

  enter() {}

  stop() {
    this.run += 1;
  }

  #go() {
    this.stop();
    this.onNext();
  }

  #skip() {
    this.ask("arm_calibration", { phase: "skip" }).catch(() => {}); // a word for the server, no question
    this.#go();
  }

  /** @param {number} index @param {number} passed */
  #show(index, passed) {
    const { phase, text, help } = PHASES[index];
    const wasTyping = !this.typing.hidden;
    this.progress.value = passed;
    this.typing.hidden = phase !== "type";
    if (phase === "type" && !wasTyping) this.field.focus();
    this.box.show("busy", text, help);
  }

  async #begin() {
    this.stop();
    const run = this.run;
    this.field.value = "";
    this.progress.hidden = false;
    this.#show(0, 0);
    const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const result = await learnArm(this.ask, (index, passed) => this.#show(index, passed), { pause, isWanted: () => run === this.run });
    this.progress.hidden = true;
    this.typing.hidden = true;
    if (result === "stopped") return;
    if (!result) this.box.show("bad", OFF);
    else if (result.learnt) this.box.show("good", DONE);
    else this.box.show("bad", result.reason ?? AGAIN, AGAIN_HELP);
  }
}
