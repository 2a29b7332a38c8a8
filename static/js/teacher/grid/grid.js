// The tiles of one page: made, kept in order, laid out; says which of them can be seen.

import { layOut } from "./arrange.js";
import { Tile } from "./tile.js";

/** @typedef {import("../room/types.js").Participant} Participant */

const GAP = 8;
const TILE = { least: 128, extra: 27, ratio: 4 / 3 };

export class Grid {
  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} list
   * @param {import("./frames.js").FrameBatch} batch
   * @param {(ids: string[]) => void} onVisible the students whose tiles can be seen, in order
   */
  constructor(scroller, list, batch, onVisible) {
    this.scroller = scroller;
    this.list = list;
    this.batch = batch;
    this.onVisible = onVisible;
    /** @type {Map<string, Tile>} in order of the page */
    this.tiles = new Map();
    /** @type {Set<string>} */
    this.visible = new Set();
    // A little more than what can be seen, so that a tile that scrolls in already has its picture.
    this.eyes = new IntersectionObserver((entries) => this.seen(entries), { root: scroller, rootMargin: "60px" });
    this.columns = 1;
    this.layOut = () => this.setColumns();
    new ResizeObserver(() => batch.ask(this.layOut)).observe(scroller);
  }

  /**
   * Show these students, in this order; tiles that stay keep their picture and, where they can, their place.
   * @param {readonly Participant[]} participants
   * @param {(tile: Tile) => void} fill gives a tile its alerts and badges
   */
  show(participants, fill) {
    const before = this.tiles;
    this.tiles = new Map(participants.map((one) => [one.id, before.get(one.id) ?? this.add(one)]));
    for (const [id, tile] of before) if (!this.tiles.has(id)) this.drop(id, tile);
    this.putInOrder();
    for (const participant of participants) this.update(participant, fill);
    if (before.size !== this.tiles.size) this.batch.ask(this.layOut);
  }

  /**
   * @param {Participant} participant
   * @param {(tile: Tile) => void} fill
   */
  update(participant, fill) {
    const tile = this.tiles.get(participant.id);
    if (!tile) return;
    tile.participant = participant;
    fill(tile);
    tile.refresh(performance.now());
  }

  /** Show how old the pictures are by now. */
  refreshAges() {
    const now = performance.now();
    for (const id of this.visible) this.tiles.get(id)?.refresh(now);
  }

  /** The connection is new: pictures are asked for again from this moment. */
  watchAgain() {
    for (const id of this.visible) this.tiles.get(id)?.setWatched(true);
  }

  /** @param {Participant} participant */
  add(participant) {
    const tile = new Tile(participant);
    this.eyes.observe(tile.place);
    return tile;
  }

  /**
   * @param {string} id
   * @param {Tile} tile
   */
  drop(id, tile) {
    this.eyes.unobserve(tile.place);
    tile.place.remove();
    if (this.visible.delete(id)) this.tellVisible();
  }

  putInOrder() {
    let next = this.list.firstElementChild;
    for (const tile of this.tiles.values()) {
      if (tile.place === next) next = next.nextElementSibling;
      else this.list.insertBefore(tile.place, next);
    }
  }

  /** @param {IntersectionObserverEntry[]} entries */
  seen(entries) {
    for (const entry of entries) {
      const id = tileId(entry.target);
      const tile = this.tiles.get(id);
      if (!tile || entry.isIntersecting === this.visible.has(id)) continue;
      if (entry.isIntersecting) this.visible.add(id);
      else this.visible.delete(id);
      tile.setWatched(entry.isIntersecting);
    }
    this.tellVisible();
  }

  tellVisible() {
    this.onVisible([...this.tiles.keys()].filter((id) => this.visible.has(id)));
  }

  setColumns() {
    const style = getComputedStyle(this.scroller);
    const width = this.scroller.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = this.scroller.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    if (width <= 0 || height <= 0) return;
    const { columns, widest } = layOut(this.tiles.size, { width, height, gap: GAP }, TILE);
    this.list.style.setProperty("--columns", String(columns));
    this.list.style.setProperty("--widest", widest === null ? "1fr" : `${widest}px`);
    this.columns = columns;
  }
}

/** @param {Element} place */
function tileId(place) {
  const button = place.firstElementChild;
  return button instanceof HTMLElement ? (button.dataset.id ?? "") : "";
}
