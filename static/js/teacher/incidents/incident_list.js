// The lists of incidents: what needs somebody now, what can wait, what is noted. Chosen and judged by key or pointer.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { caseWords, waitsForOther } from "../decisions/cases.js";
import { isWanted } from "./alert_filter.js";
import { AlertMenu } from "./alert_menu.js";
import { IncidentCard } from "./incident_card.js";
import { IncidentTabs } from "./incident_tabs.js";
import { LISTS, byUrgency, incidentsOf, listOf } from "./incidents.js";

/**
 * @typedef {import("../room/types.js").Alert} Alert
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./incidents.js").ListName} ListName
 * @typedef {object} Acts
 * @property {(alert: string) => void} open
 * @property {(incident: string, verdict: string) => void} review
 * @property {(incident: string) => void} claim
 * @property {(incident: string) => void} play the seconds around it
 * @property {(incident: string) => void} choose for a decision on several
 * @property {(shown: readonly Incident[], cardOf: (id: string) => Element) => void} placed the list was drawn
 * @property {(incident: Incident) => boolean | null} isChosen null where there are none like it
 * @property {(before: number) => Promise<Alert[] | null>} older loads alerts raised before; null when that failed
 */

export const HISTORY_PAGE = 100;
export const WELCOME_PAGE = 200;

export class IncidentList {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {Record<string, number>} weights of the kinds
   * @param {import("./claims.js").Claims} claims
   * @param {Acts} acts
   */
  constructor(root, live, batch, weights, claims, acts) {
    this.live = live;
    this.weights = weights;
    this.claims = claims;
    this.acts = acts;
    this.list = find("#alerts", HTMLElement, root);
    this.empty = find("#alerts-empty", HTMLElement, root);
    this.older = find("#alerts-older", HTMLButtonElement, root);
    this.tabs = new IncidentTabs(root, () => this.show());
    this.filter = new AlertMenu(root, Object.keys(weights), () => this.show());
    /** @type {Map<string, IncidentCard>} */
    this.cards = new Map();
    /** @type {Incident[]} */
    this.shown = [];
    /** @type {string | null} */
    this.current = null;
    /** All alerts since then are here; what is older comes on request. @type {number | null} */
    this.knownSince = null;
    this.draw = () => this.show();
    for (const what of ["alerts", "claims", "teachers"]) live.addEventListener(what, () => batch.ask(this.draw));
    this.list.addEventListener("click", (event) => this.clicked(event.target));
    this.list.addEventListener("focusin", (event) => this.choose(idAt(event.target)));
    this.older.addEventListener("click", () => this.loadOlder());
  }

  show() {
    const wish = this.filter.read(this.live.alerts.values());
    const lists = this.lists(wish);
    const at = this.shown.findIndex((incident) => incident.id === this.current);
    const held = this.list.contains(document.activeElement);
    this.shown = lists[this.tabs.shown];
    // A card that was judged leaves the list: the next one takes its place, and the focus with it.
    const isGone = !this.shown.some((incident) => incident.id === this.current);
    if (isGone) this.current = this.shown[Math.min(Math.max(0, at), this.shown.length - 1)]?.id ?? null;
    this.place();
    if (held && isGone) this.cards.get(this.current ?? "")?.focus();
    this.tabs.setCounts({ now: lists.now.length, later: lists.later.length });
    this.empty.hidden = this.shown.length > 0;
    this.empty.textContent = this.emptyWords();
  }

  /**
   * @param {import("./alert_filter.js").AlertWish} wish
   * @returns {Record<ListName, Incident[]>}
   */
  lists(wish) {
    /** @type {Record<ListName, Incident[]>} */
    const lists = { now: [], later: [], noted: [] };
    for (const incident of incidentsOf(this.live.alerts.values())) {
      if (incident.alerts.some((alert) => isWanted(alert, wish))) lists[this.listOf(incident)].push(incident);
    }
    for (const name of LISTS) lists[name].sort((a, b) => this.isOfOthers(a) - this.isOfOthers(b) || byUrgency(a, b));
    return lists;
  }

  /** Who has decided has nothing more to do until another one has. @param {Incident} incident */
  listOf(incident) {
    return waitsForOther(this.live.caseOf(incident)) ? "noted" : listOf(incident, this.weights);
  }

  /** What another teacher looks after stands below the rest. @param {Incident} incident */
  isOfOthers(incident) {
    return Number(incident.isOpen && this.claims.concern(incident).of === "others");
  }

  /** Put the cards of what is shown into the page, moving none that stands where it should. */
  place() {
    const before = this.cards;
    this.cards = new Map(this.shown.map((incident) => [incident.id, before.get(incident.id) ?? new IncidentCard(incident)]));
    for (const [id, card] of before) if (!this.cards.has(id)) card.element.remove();
    let next = this.list.firstElementChild;
    for (const incident of this.shown) {
      const card = this.card(incident.id);
      this.refresh(card, incident);
      if (card.element === next) next = next.nextElementSibling;
      else this.list.insertBefore(card.element, next);
    }
    this.acts.placed(this.shown, (id) => this.card(id).element);
  }

  /** @param {IncidentCard} card @param {Incident} incident */
  refresh(card, incident) {
    const said = { words: caseWords(this.live.caseOf(incident)), answers: this.live.answers.get(incident.id)?.length ?? 0, isChosen: this.acts.isChosen(incident) };
    card.refresh(incident, incident.id === this.current, this.whose(incident), said);
  }

  emptyWords() {
    if (this.filter.active > 0) return t("No alert fits the filter.");
    if (this.live.alerts.size === 0) return t("No alerts so far.");
    return { now: t("Nothing to review now."), later: t("Nothing waits."), noted: t("Nothing is noted so far.") }[this.tabs.shown];
  }

  /** How many incidents wait for a verdict, whatever the filter. */
  toReview() {
    const open = incidentsOf(this.live.alerts.values()).filter((incident) => incident.isOpen);
    return open.filter((incident) => !waitsForOther(this.live.caseOf(incident))).length;
  }

  /** @param {readonly Alert[]} alerts that came with the welcome; where older ones were loaded already, it says nothing */
  welcome(alerts) {
    if (this.knownSince === null) this.learnPage(alerts, WELCOME_PAGE);
  }

  /** @param {readonly Alert[]} alerts a page of them, newest first @param {number} most on a page */
  learnPage(alerts, most) {
    this.older.hidden = alerts.length < most;
    this.knownSince = alerts[Math.min(alerts.length, most) - 1]?.raised_at ?? this.knownSince;
  }

  async loadOlder() {
    if (this.knownSince === null) return;
    this.older.disabled = true;
    const alerts = await this.acts.older(this.knownSince);
    this.older.disabled = false;
    if (alerts) this.learnPage(alerts, HISTORY_PAGE);
  }

  /**
   * The incident before or after another one in the list as it is shown.
   * @param {string} id
   * @param {number} step
   * @returns {Incident | null}
   */
  beside(id, step) {
    const at = this.shown.findIndex((incident) => incident.id === id);
    return at < 0 ? null : (this.shown[at + step] ?? null);
  }

  /**
   * Go up or down the list.
   * @param {number} step
   */
  move(step) {
    const at = this.shown.findIndex((incident) => incident.id === this.current);
    const next = this.shown[Math.min(this.shown.length - 1, Math.max(0, at + step))];
    if (!next) return;
    this.choose(next.id);
    this.card(next.id).focus();
    this.card(next.id).element.scrollIntoView({ block: "nearest" });
  }

  /** The incident that keys act on. @returns {Incident | null} */
  chosen() {
    return this.shown.find((incident) => incident.id === this.current) ?? null;
  }

  /** Go to the chosen incident. */
  focus() {
    this.cards.get(this.current ?? "")?.focus();
  }

  /** Show or hide each time that the chosen incident came. */
  fold() {
    this.cards.get(this.current ?? "")?.fold();
  }

  /** @param {string | null} id */
  choose(id) {
    if (!id || id === this.current) return;
    const changed = [this.cards.get(this.current ?? ""), this.cards.get(id)];
    this.current = id;
    for (const card of changed) if (card) this.refresh(card, card.incident);
  }

  /** Whose an incident is, for its card; null where it makes no difference. @param {Incident} incident */
  whose(incident) {
    return incident.isOpen && this.claims.areUseful ? this.claims.concern(incident) : null;
  }

  /** What waits although it is critical, and nobody looks after it. */
  overdue() {
    return incidentsOf(this.live.alerts.values()).filter((incident) => this.claims.isOverdue(incident));
  }

  /** @param {EventTarget | null} target */
  clicked(target) {
    const id = idAt(target);
    const button = target instanceof Element ? target.closest("[data-act], button[data-alert]") : null;
    if (!id || !(button instanceof HTMLElement)) return;
    const { act, alert } = button.dataset;
    if (act === "claim") this.acts.claim(id);
    else if (act === "play") this.acts.play(id);
    else if (act === "choose") this.acts.choose(id);
    else if (act) this.acts.review(id, act);
    else if (alert) this.acts.open(alert);
  }

  /** @param {string} id */
  card(id) {
    return /** @type {IncidentCard} */ (this.cards.get(id));
  }
}

/** @param {EventTarget | null} target */
function idAt(target) {
  const card = target instanceof Element ? target.closest(".incident") : null;
  return card instanceof HTMLElement ? (card.dataset.id ?? null) : null;
}
