// In the large view: one picture is large, the others lie in its corner; a click on one makes it the large one.

import { find } from "../../shared/dom.js";
import { WEBCAM } from "../grid/picture_feed.js";

export class PictureSwap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.pictures = find(".large-pictures", HTMLElement, root);
    this.pictures.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-swap]") : null;
      if (button instanceof HTMLElement && button.dataset.swap) this.show(button.dataset.swap);
    });
    this.show(WEBCAM);
  }

  /** @param {string} channel webcam, or the role of a phone */
  show(channel) {
    this.channel = channel;
    this.refresh();
  }

  /** Phones come and go: where the large one went, the webcam is large again. */
  refresh() {
    const views = [...this.pictures.querySelectorAll("[data-channel]")].filter((view) => view instanceof HTMLElement);
    if (!views.some(({ dataset }) => dataset.channel === this.channel)) this.channel = WEBCAM;
    for (const view of views) view.classList.toggle("is-main", view.dataset.channel === this.channel);
  }
}
