// One camera in the player: the picture of a moment, the boxes of the alert, and words where there is none.

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { namesOf, paintMarks } from "../grid/marks.js";
import { channelLabel } from "../large/phone_labels.js";
import { stillWords } from "./capsule_words.js";
import { MARKED_MS, holeAt, pictureAt, scaled } from "./reel.js";

/** @typedef {import("./reel.js").Picture} Picture */

export class Screen {
  /**
   * @param {import("./reel.js").Track} track
   * @param {import("./reel.js").Reel} reel
   * @param {Map<string, Uint8Array<ArrayBuffer>>} files
   * @param {import("../grid/marks.js").Mark[]} marks of the alert
   */
  constructor(track, reel, files, marks) {
    this.track = track;
    this.reel = reel;
    this.files = files;
    this.isMarked = reel.marked?.channel === track.channel;
    this.marks = this.isMarked ? marks : [];
    const camera = channelLabel(track.channel);
    const label = this.marks.length ? t("Pictures of: %(camera)s. Marked at the alert: %(names)s", { camera, names: namesOf(this.marks) }) : t("Pictures of: %(camera)s", { camera });
    this.canvas = el("canvas", { role: "img", "aria-label": label });
    this.still = el("span", { class: "player-still", hidden: true });
    this.element = el("figure", {}, el("div", { class: "player-screen" }, this.canvas, this.still), el("figcaption", {}, camera));
    this.wanted = "";
    this.drawn = "";
  }

  /** @param {number} at ms from the alert */
  show(at) {
    const gap = stillWords(holeAt(this.reel.gaps, this.track.channel, at));
    const picture = pictureAt(this.track, at);
    this.still.textContent = gap || (picture ? "" : t("No picture came here."));
    this.still.hidden = !this.still.textContent;
    this.element.classList.toggle("is-still", !this.still.hidden);
    if (!picture) return;
    const marked = Math.abs(at) <= MARKED_MS && this.marks.length > 0;
    this.wanted = `${picture.name} ${marked}`;
    if (this.wanted !== this.drawn) void this.draw(picture, marked, this.wanted);
  }

  /** @param {Picture} picture @param {boolean} marked @param {string} key which was wanted when this began */
  async draw(picture, marked, key) {
    this.drawn = key;
    const data = this.files.get(picture.name);
    const pen = this.canvas.getContext("2d");
    if (!data || !pen) return;
    try {
      const image = await createImageBitmap(new Blob([data], { type: "image/jpeg" }));
      if (key === this.wanted) this.paint(pen, image, marked);
      image.close();
    } catch {
      // a picture that the browser cannot decode leaves the one before, as it did while the exam was on
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {ImageBitmap} image @param {boolean} marked */
  paint(pen, image, marked) {
    Object.assign(this.canvas, { width: image.width, height: image.height });
    pen.drawImage(image, 0, 0);
    if (marked) paintMarks(pen, image.width, scaled(this.marks, this.reel.marked?.width || image.width, image.width));
  }
}
