// Whether the student's page is in front: hidden, or visible with the focus elsewhere, or simply visible.

/** @typedef {"visible" | "hidden" | "blurred"} PageState */

const LOOK_EVERY_MS = 1000;

/**
 * A click into the exam's own frame takes the focus from the page but not from the document, so it counts as visible.
 * @param {{hidden: boolean, hasFocus: () => boolean}} page
 * @returns {PageState}
 */
export function pageState(page) {
  if (page.hidden) return "hidden";
  return page.hasFocus() ? "visible" : "blurred";
}

export class PageWatch {
  /** @param {(state: PageState) => void} onState @param {Document} [page] */
  constructor(onState, page = document) {
    this.onState = onState;
    this.page = page;
    /** @type {PageState} */
    this.state = pageState(page);
    page.addEventListener("visibilitychange", () => this.look());
    for (const event of ["focus", "blur", "pageshow"]) globalThis.addEventListener?.(event, () => this.look());
    // No event tells when the focus leaves a frame inside the page for another window.
    setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  look() {
    const state = pageState(this.page);
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
