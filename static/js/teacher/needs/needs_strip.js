// The strip above the grid: a larger, livelier copy of the tile of each student who needs somebody.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { shortNames } from "../seats/short_names.js";
import { Tile } from "../grid/tile.js";
import { WEBCAM } from "../grid/picture_feed.js";
import { incidentsOf } from "../incidents/incidents.js";
import { MOST_NEEDS, needsOf } from "./needs.js";

/**
 * @typedef {import("../incidents/incidents.js").Incident} Incident
 *
 * @typedef {object} Acts
 * @property {(id: string) => void} open the large view
 * @property {(ids: string[]) => void} watch whose pictures shall come at the full rate
 * @property {(tile: Tile) => void} fill gives a tile its alerts and badges
 * @property {(incident: Incident) => boolean} isOfOthers whether another teacher looks after it
 */

const LETTERS = 14;

export class NeedsStrip {
  /**
   * @param {HTMLElement} root
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {Acts} acts
   */
  constructor(root, live, batch, acts) {
    this.live = live;
    this.acts = acts;
    this.section = find("#needs", HTMLElement, root);
    this.list = find("#needs-list", HTMLElement, root);
    this.more = find("#needs-more", HTMLElement, root);
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    const draw = () => this.show();
    for (const what of ["participants", "alerts", "claims", "room", "scores"]) live.addEventListener(what, () => batch.ask(draw));
    setInterval(() => batch.ask(draw), 1000);
    this.list.addEventListener("click", ({ target }) => {
      const tile = target instanceof Element ? target.closest(".tile") : null;
      if (tile instanceof HTMLElement && tile.dataset.id) acts.open(tile.dataset.id);
    });
  }

  show() {
    const needs = needsOf(this.live.participants.values(), incidentsOf(this.live.alerts.values()), {
      isRunning: this.live.room.state === "running",
      isOfOthers: this.acts.isOfOthers,
    });
    const shown = needs.slice(0, MOST_NEEDS);
    const ids = shown.map(({ id }) => id);
    const isOther = ids.join() !== [...this.tiles.keys()].join();
    if (isOther) this.place(ids);
    for (const need of shown) this.refresh(need);
    this.section.hidden = ids.length === 0;
    this.more.hidden = needs.length <= ids.length;
    this.more.textContent = t("%(count)s more", { count: needs.length - ids.length });
    if (isOther) this.acts.watch(ids);
  }

  /** Put these students' tiles into the strip; those who stay keep their picture, and the focus. @param {string[]} ids */
  place(ids) {
    const before = this.tiles;
    this.tiles = new Map(ids.map((id) => [id, before.get(id) ?? this.make(id)]));
    for (const [id, tile] of before) if (!this.tiles.has(id)) tile.place.remove();
    let next = this.list.firstElementChild;
    for (const { place } of this.tiles.values()) {
      if (place === next) next = next.nextElementSibling;
      else this.list.insertBefore(place, next);
    }
  }

  /** @param {string} id */
  make(id) {
    const tile = new Tile(/** @type {import("../room/types.js").Participant} */ (this.live.participants.get(id)));
    tile.place.draggable = false;
    tile.button.tabIndex = 0;
    tile.setWatched(true);
    return tile;
  }

  /** @param {import("./needs.js").Need} need */
  refresh({ id, alert }) {
    const tile = /** @type {Tile} */ (this.tiles.get(id));
    tile.lead = alert;
    tile.participant = this.live.participants.get(tile.participant.id) ?? tile.participant;
    [tile.label] = shortNames([tile.participant.name], LETTERS);
    this.acts.fill(tile);
    tile.showLabel("");
    tile.refresh(performance.now());
  }

  /** @param {import("../grid/picture_feed.js").Picture} picture */
  paint(picture) {
    if (picture.channel === WEBCAM) this.tiles.get(picture.id)?.paint(picture);
  }
}
