// The list of alerts, newest first: filter, choose by keyboard or pointer, judge, load older ones.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { countToReview, isWanted, studentsOf } from "./alert_filter.js";
import { AlertNotices } from "./alert_notices.js";
import { AlertRow } from "./alert_row.js";
import { kindLabel } from "../room/labels.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {object} Acts
 * @property {(id: string) => void} open
 * @property {(id: string, verdict: string) => void} review
 * @property {(before: number) => Promise<number>} older loads alerts raised before; how many came
 */

const HISTORY_PAGE = 100;
const WELCOME_MOST = 200;

export class AlertList {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {string[]} kinds
   * @param {Acts} acts
   */
  constructor(root, live, batch, kinds, acts) {
    this.live = live;
    this.acts = acts;
    this.list = find("#alerts", HTMLElement, root);
    this.empty = find("#alerts-empty", HTMLElement, root);
    this.older = find("#alerts-older", HTMLButtonElement, root);
    this.filters = find("#alerts-filters", HTMLElement, root);
    this.verdict = this.choice("#alert-verdict", root);
    this.severity = this.choice("#alert-severity", root);
    this.kind = this.choice("#alert-kind", root);
    this.participant = this.choice("#alert-student", root);
    this.notices = new AlertNotices(root, (severity) => {
      this.severity.value = severity;
      this.show();
    });
    for (const kind of kinds) this.kind.append(el("option", { value: kind }, kindLabel(kind)));
    /** @type {Map<string, AlertRow>} */
    this.rows = new Map();
    /** @type {Alert[]} */
    this.shown = [];
    /** @type {string | null} */
    this.current = null;
    this.studentsShown = "";
    this.draw = () => this.show();
    live.addEventListener("alerts", () => batch.ask(this.draw));
    this.list.addEventListener("click", (event) => this.clicked(event.target));
    this.list.addEventListener("focusin", (event) => this.choose(idAt(event.target)));
    this.older.addEventListener("click", () => this.loadOlder());
  }

  /**
   * @param {string} selector
   * @param {HTMLElement} root
   */
  choice(selector, root) {
    const box = find(selector, HTMLSelectElement, root);
    box.addEventListener("change", () => this.show());
    return box;
  }

  /** @returns {import("./alert_filter.js").AlertWish} */
  wish() {
    return {
      verdict: this.verdict.value,
      severity: this.severity.value,
      kind: this.kind.value,
      participant: this.participant.value,
    };
  }

  show() {
    this.showStudents();
    const wish = this.wish();
    const at = this.shown.findIndex((alert) => alert.id === this.current);
    const held = this.list.contains(document.activeElement);
    this.shown = this.live.newestAlerts().filter((alert) => isWanted(alert, wish));
    // A row that was judged leaves the list: the next one takes its place, and the focus with it.
    const isGone = !this.shown.some((alert) => alert.id === this.current);
    if (isGone) this.current = this.shown[Math.min(Math.max(0, at), this.shown.length - 1)]?.id ?? null;
    const before = this.rows;
    this.rows = new Map(this.shown.map((alert) => [alert.id, before.get(alert.id) ?? new AlertRow(alert)]));
    for (const [id, row] of before) if (!this.rows.has(id)) row.element.remove();
    let next = this.list.firstElementChild;
    for (const alert of this.shown) {
      const row = this.row(alert.id);
      row.refresh(alert, alert.id === this.current);
      if (row.element === next) next = next.nextElementSibling;
      else this.list.insertBefore(row.element, next);
    }
    if (held && isGone) this.rows.get(this.current ?? "")?.focus();
    this.empty.hidden = this.shown.length > 0;
    const filters = [wish.severity, wish.kind, wish.participant].filter(Boolean).length;
    this.empty.textContent = this.emptyWords(wish.verdict === "new" && filters === 0);
    this.filters.dataset.active = String(filters || "");
    this.notices.show(this.live.alerts.values(), wish);
  }

  /** @param {boolean} unfiltered whether the list shows all that is to be reviewed */
  emptyWords(unfiltered) {
    if (this.live.alerts.size === 0) return t("No alerts so far.");
    return unfiltered ? t("Nothing to review.") : t("No alert fits the filter.");
  }

  showStudents() {
    const students = studentsOf(this.live.alerts.values());
    const text = JSON.stringify(students);
    if (text === this.studentsShown) return;
    this.studentsShown = text;
    const chosen = this.participant.value;
    const all = this.participant.options[0];
    this.participant.replaceChildren(all, ...students.map(([id, name]) => el("option", { value: id }, name)));
    this.participant.value = chosen;
  }

  /** @param {string} participant whose alerts alone are wanted, whatever became of them */
  only(participant) {
    this.showStudents();
    this.verdict.value = this.severity.value = this.kind.value = "";
    this.participant.value = participant;
    this.show();
  }

  /** @returns {number} */
  toReview() {
    return countToReview(this.live.alerts.values());
  }

  /** @param {number} count how many alerts came with the welcome; where older ones were loaded already, it says nothing */
  welcome(count) {
    if (this.live.alerts.size === count) this.older.hidden = count < WELCOME_MOST;
  }

  /**
   * The alert before or after another one in the list as it is shown.
   * @param {string | null} id
   * @param {number} step
   * @returns {string | null}
   */
  beside(id, step) {
    const at = this.shown.findIndex((alert) => alert.id === id);
    return at < 0 ? null : (this.shown[at + step]?.id ?? null);
  }

  async loadOlder() {
    const oldest = this.live.newestAlerts().at(-1);
    if (!oldest) return;
    this.older.disabled = true;
    const count = await this.acts.older(oldest.raised_at);
    this.older.disabled = false;
    this.older.hidden = count < HISTORY_PAGE;
  }

  /**
   * Go up or down the list.
   * @param {number} step
   */
  move(step) {
    const at = this.shown.findIndex((alert) => alert.id === this.current);
    const next = this.shown[Math.min(this.shown.length - 1, Math.max(0, at + step))];
    if (!next) return;
    this.choose(next.id);
    this.row(next.id).focus();
    this.row(next.id).element.scrollIntoView({ block: "nearest" });
  }

  /** @param {string | null} id */
  choose(id) {
    if (!id || id === this.current) return;
    const before = this.rows.get(this.current ?? "");
    this.current = id;
    before?.refresh(before.alert, false);
    this.row(id).refresh(this.row(id).alert, true);
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    const id = idAt(target);
    const act = target instanceof Element ? target.closest("[data-act]") : null;
    if (!id) return;
    if (act instanceof HTMLElement) this.acts.review(id, act.dataset.act ?? "new");
    else this.acts.open(id);
  }

  /** @param {string} id */
  row(id) {
    return /** @type {AlertRow} */ (this.rows.get(id));
  }
}

/** @param {EventTarget | null} target */
function idAt(target) {
  const row = target instanceof Element ? target.closest(".alert-row") : null;
  return row instanceof HTMLElement ? (row.dataset.id ?? null) : null;
}
