// The small code on the exam page that a head or room phone must see now and then: proof that it films this screen.

import { t } from "../../shared/i18n.js";

/** @typedef {(0 | 1)[][]} Cells rows of the marker, 1 for black, its black border included */

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 1; // white cells around it, without which it is not found
const USUAL_MM = 45;
const FAR_MM = 60; // larger ones need a wider place beside the exam

/**
 * The dark cells, row by row joined to bars: fewer edges that a browser could blur.
 * @param {Cells} cells @returns {{x: number, y: number, width: number}[]} in cells, the quiet zone counted in
 */
export function barsOf(cells) {
  return cells.flatMap((row, y) => {
    const bars = [];
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      bars.push({ x: from + QUIET, y: y + QUIET, width: x - from + 1 });
    }
    return bars;
  });
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export class Marker {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {Cells | null} cells null or empty: no phone has to see it @param {number} [millimetres] of its dark square */
  show(cells, millimetres = USUAL_MM) {
    const count = cells?.length ?? 0;
    this.root.hidden = count === 0;
    this.root.dataset.size = millimetres >= FAR_MM ? "far" : "near";
    if (!cells || count === 0) return this.root.replaceChildren();
    const size = count + 2 * QUIET;
    const label = t("Technical picture for your phone's camera; nothing to read or do.");
    const width = `${((millimetres * size) / count).toFixed(1)}mm`;
    const svg = shape("svg", { viewBox: `0 0 ${size} ${size}`, width, role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
    svg.append(shape("rect", { class: "light", width: size, height: size, fill: "#ffffff" }));
    for (const { x, y, width: long } of barsOf(cells)) svg.append(shape("rect", { x, y, width: long, height: 1, fill: "#000000" }));
    this.root.replaceChildren(svg);
  }
}
