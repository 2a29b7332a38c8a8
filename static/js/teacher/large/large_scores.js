// In the large view: attention now and over the last minutes, suspicion and what it is made of.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { KEPT_MS, linesOf } from "./score_log.js";
import { attentionLabel } from "./score_labels.js";
import { partsOf } from "../alerts/suspicion.js";
import { kindLabel } from "../room/labels.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 240, height: 48 };

export class LargeScores {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../alerts/suspicion.js").Weights | undefined} weights
   */
  constructor(root, live, weights) {
    this.live = live;
    this.weights = weights;
    this.now = find("#large-attention", HTMLElement, root);
    this.past = find("#large-past", SVGElement, root);
    this.level = find("#large-suspicion", HTMLElement, root);
    this.parts = find("#large-parts", HTMLElement, root);
    this.path = document.createElementNS(SVG, "path");
    this.past.append(this.path);
    this.past.setAttribute("viewBox", `0 0 ${SIZE.width} ${SIZE.height}`);
    if (weights) fillWeights(find("#large-weights", HTMLElement, root), weights);
  }

  /** @param {string} id */
  show(id) {
    const { score, label, suspicion } = this.live.scoreOf(id);
    put(this.now, score === null ? t("Not known") : `${score} · ${attentionLabel(label)}`);
    const now = Date.now();
    const lines = linesOf(this.live.scores.pastOf(id), now, SIZE);
    this.path.setAttribute("d", lines.map((line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`).join(""));
    const minutes = KEPT_MS / 60_000;
    this.past.setAttribute("aria-label", t("Attention over the last %(minutes)d minutes", { minutes }));
    put(this.level, t("%(level)d of 100", { level: suspicion }));
    this.showParts(id);
  }

  /** @param {string} id */
  showParts(id) {
    const parts = this.weights ? partsOf(this.live.alertsOf(id), this.weights, this.live.now()) : [];
    const lines = parts.map(partWords);
    if (this.parts.textContent === lines.join("")) return;
    this.parts.replaceChildren(...lines.map((line) => el("li", {}, line)));
  }
}

/** @param {import("../alerts/suspicion.js").Part} part */
function partWords({ kind, count, points }) {
  const numbers = { points: Math.round(points), kind: kindLabel(kind), count };
  return count > 1 ? t("%(points)d from %(kind)s, %(count)d alerts", numbers) : t("%(points)d from %(kind)s", numbers);
}

/** @param {HTMLElement} place @param {import("../alerts/suspicion.js").Weights} weights */
function fillWeights(place, { weights }) {
  const lines = Object.entries(weights).sort((a, b) => b[1] - a[1]);
  place.replaceChildren(...lines.flatMap(([kind, points]) => [el("dt", {}, kindLabel(kind)), el("dd", {}, points)]));
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
