// The boxes of what an alert speaks of, drawn on a copy that lies over its picture; the picture itself stays as it was.

import { el } from "../../shared/dom.js";
import { thingLabel } from "../large/score_labels.js";

/**
 * @typedef {[string, number, number, number, number]} Mark label, x, y, width, height in pixels of the picture
 * @typedef {import("../room/types.js").Alert} Alert
 */

/** @param {Alert} alert @returns {Mark[]} only what is whole */
export function marksOf({ numbers }) {
  const marks = Array.isArray(numbers.marks) ? numbers.marks : [];
  return marks.filter((mark) => Array.isArray(mark) && mark.length === 5 && mark.slice(1).every(Number.isFinite));
}

/** What the boxes show, in words, each once. @param {Mark[]} marks */
export function namesOf(marks) {
  return [...new Set(marks.map(([label]) => thingLabel(String(label))))].join(", ");
}

/**
 * Where a label fits: above its box, or inside it where the picture ends above.
 * @param {number} y of the box @param {number} height of the label
 */
export function labelTop(y, height) {
  return y - height >= 0 ? y - height : y;
}

/** @param {HTMLImageElement} image that has been loaded @param {Mark[]} marks */
export function drawMarks(image, marks) {
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const canvas = el("canvas", { width, height, class: "alert-marks", "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  if (pen) paintMarks(pen, width, marks);
  return canvas;
}

/** @param {CanvasRenderingContext2D} pen @param {number} width of the picture in pixels @param {Mark[]} marks */
export function paintMarks(pen, width, marks) {
  const size = Math.max(11, Math.round(width / 40));
  pen.font = `600 ${size}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  for (const [label, x, y, w, h] of marks) {
    // dark under light, so that the box stands out from any picture
    for (const [colour, line] of /** @type {const} */ ([["#10181a", size / 3], ["#ffd24a", size / 6]])) {
      pen.strokeStyle = colour;
      pen.lineWidth = line;
      pen.strokeRect(x, y, w, h);
    }
    const text = thingLabel(String(label));
    const [wide, tall] = [pen.measureText(text).width + size * 0.6, size * 1.4];
    const [left, top] = [Math.max(0, Math.min(x, width - wide)), labelTop(y, tall)];
    pen.fillStyle = "#ffd24a";
    pen.fillRect(left, top, wide, tall);
    pen.fillStyle = "#10181a";
    pen.fillText(text, left + size * 0.3, top + size * 0.2);
  }
}
