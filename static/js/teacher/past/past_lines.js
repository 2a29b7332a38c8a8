// Below the students: the exam so far of everybody who was flagged, a line each.

import { el, find } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { kindLabel } from "../room/labels.js";
import { pastOf } from "./past.js";

/**
 * @typedef {import("./past.js").Line} Line
 * @typedef {import("./past.js").Mark} Mark
 */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1000;
const LEAST_MARK = 4;
const EVERY_MS = 5000;

export class PastLines {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {{student: (id: string) => void, alert: (id: string) => void}} acts
   */
  constructor(root, live, batch, acts) {
    this.live = live;
    this.acts = acts;
    this.section = find("#past", HTMLElement, root);
    this.list = find("#past-lines", HTMLElement, root);
    this.shown = "";
    const draw = () => this.show();
    for (const what of ["alerts", "room"]) live.addEventListener(what, () => batch.ask(draw));
    setInterval(() => batch.ask(draw), EVERY_MS);
    this.list.addEventListener("click", ({ target }) => this.clicked(target));
  }

  show() {
    const start = this.live.room.started_at;
    const now = this.live.room.ended_at ?? this.live.now();
    const lines = start === null ? [] : pastOf(this.live.alerts.values(), start, now);
    this.section.hidden = lines.length === 0;
    const text = JSON.stringify(lines.map(({ id, marks }) => [id, marks.map(({ from, to, ...mark }) => [mark, Math.round(from * 300), Math.round(to * 300)])]));
    if (text === this.shown) return;
    this.shown = text;
    const held = this.list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.student : undefined;
    this.list.replaceChildren(...lines.map((line) => row(line, (at) => start === null ? "" : clockTime(start + at * (now - start)))));
    if (held) /** @type {HTMLElement | null} */ (this.list.querySelector(`button[data-student="${CSS.escape(held)}"]`))?.focus();
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    if (!(target instanceof Element)) return;
    const [mark, name] = [target.closest("[data-alert]"), target.closest("[data-student]")];
    if (mark instanceof SVGElement && mark.dataset.alert) this.acts.alert(mark.dataset.alert);
    else if (name instanceof HTMLElement && name.dataset.student) this.acts.student(name.dataset.student);
  }
}

/** @param {Line} line @param {(at: number) => string} clock */
function row({ id, name, marks }, clock) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${WIDTH} 10`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", marks.map((mark) => `${clock(mark.from)} ${kindLabel(mark.kind)}`).join(", "));
  picture.append(...marks.map((mark) => bar(mark, clock)));
  const button = el("button", { type: "button", class: "past-name", dir: "auto", title: t("See %(name)s large", { name }), dataset: { student: id } }, name);
  return el("li", { class: "past-line" }, button, picture);
}

/** @param {Mark} mark @param {(at: number) => string} clock */
function bar({ id, from, to, severity, kind, isJudged }, clock) {
  const box = document.createElementNS(SVG, "rect");
  const width = Math.max(LEAST_MARK, (to - from) * WIDTH);
  for (const [name, value] of Object.entries({ x: Math.min(from * WIDTH, WIDTH - width), y: 0, width, height: 10 })) box.setAttribute(name, String(value));
  Object.assign(box.dataset, { alert: id, severity, judged: String(isJudged) });
  const title = document.createElementNS(SVG, "title");
  title.textContent = `${clock(from)} ${kindLabel(kind)}`;
  box.append(title);
  return box;
}
