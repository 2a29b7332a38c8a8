// Shows one step of the page and hides the others; the heading of the new one is where a screen reader goes on.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { showEnding } from "./ending.js";
import { OVER } from "../check/steps.js";

/**
 * @param {HTMLElement} main
 * @param {import("../check/steps.js").Step} step
 * @param {string | null} problem the code of the server's refusal
 */
export function showStep(main, step, problem) {
  main.dataset.step = step;
  document.body.dataset.step = step;
  const isEnding = OVER.has(step) || step === "refused";
  const shown = isEnding ? "step-end" : `step-${step}`;
  for (const section of main.querySelectorAll("section[id^=step-]")) {
    /** @type {HTMLElement} */ (section).hidden = section.id !== shown;
  }
  if (isEnding) showEnding(find("#step-end", HTMLElement), step, problem, () => location.reload());
  const heading = main.querySelector(`#${shown} h1`);
  if (heading instanceof HTMLElement) heading.focus({ preventScroll: true });
}

/** What this server does not watch for: it concerns the student too. @param {HTMLElement} root @param {string[]} notices */
export function showNotices(root, notices) {
  root.hidden = notices.length === 0;
  find("ul", HTMLElement, root).replaceChildren(...notices.map((notice) => el("li", {}, t(notice))));
}

/** In the waiting room: whom one waits for. @param {boolean} isAdmitted */
export function showWaiting(isAdmitted) {
  find("#waits-for-start", HTMLElement).hidden = !isAdmitted;
  find("#waits-for-teacher", HTMLElement).hidden = isAdmitted;
}
