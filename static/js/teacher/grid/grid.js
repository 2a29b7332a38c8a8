// The tiles of the grid: made, kept in order, laid out; says which of them can be seen.

import { el } from "../../shared/dom.js";
import { layOut } from "./arrange.js";
import { letterOf } from "../seats/seat_keys.js";
import { shortNames } from "../seats/short_names.js";
import { Tile } from "./tile.js";
import { STALE_AFTER_MS, THUMBNAIL_STALE_AFTER_MS } from "./tile_state.js";

/** @typedef {import("../room/types.js").Participant} Participant */

const GAP = 5;
/** The size of names by the width of a tile, and in flat tiles, in pixels; teacher.css has the same. */
const NAME_SIZES = /** @type {const} */ ([[110, 10], [160, 11], [Infinity, 13]]);
const FLAT = { height: 48, size: 9 };
/** How wide a letter is at most, on average, by the size of its text. */
const LETTER = 0.66;
const MARGINS = 8;
/** A grid of more gets thumbnails, which come more slowly; the server has the same number. */
const MOST_LARGE = 25;
/** Where so many are shown, what stands around the grid takes less room. */
const CROWD = 60;
/** The side panel when it is folded, pixels; on a narrow screen it stands elsewhere. Both as in teacher.css. */
const FOLDED_PANEL = 52;
const NARROW = "(max-width: 48rem)";

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
    /** @type {Map<string, Tile>} in order */
    this.tiles = new Map();
    /** @type {Set<string>} */
    this.visible = new Set();
    // A little more than what can be seen, so that a tile that scrolls in already has its picture.
    this.eyes = new IntersectionObserver((entries) => this.seen(entries), { root: scroller, rootMargin: "60px" });
    this.rows = el("div", { class: "seat-rows", "aria-hidden": "true" });
    list.before(this.rows);
    /** @type {import("./arrange.js").Shape} */
    this.shape = { columns: 1, width: 0, height: 0 };
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
    this.nameThem();
    for (const participant of participants) this.update(participant, fill);
    if (before.size !== this.tiles.size) this.batch.ask(this.layOut);
  }

  get columns() {
    return this.shape.columns;
  }

  /** Give each tile its name as it fits, and its column's letter. */
  nameThem() {
    const names = [...this.tiles.values()].map((tile) => tile.participant.name);
    const lines = shortNames(names, lettersIn(this.shape));
    [...this.tiles.values()].forEach((tile, place) => {
      tile.label = lines[place];
      tile.showLabel(letterOf(place % this.shape.columns));
    });
  }

  /**
   * @param {Participant} participant
   * @param {(tile: Tile) => void} fill
   */
  update(participant, fill) {
    const tile = this.tiles.get(participant.id);
    if (!tile) return;
    tile.participant = participant;
    tile.patience = this.tiles.size > MOST_LARGE ? THUMBNAIL_STALE_AFTER_MS : STALE_AFTER_MS;
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
    const guests = this.guests();
    this.shape = layOut(this.tiles.size, { width, height, gap: GAP }, { width: width + guests.width, height: height + guests.height });
    this.list.style.setProperty("--columns", String(this.shape.columns));
    this.list.style.setProperty("--tile-width", `${this.shape.width}px`);
    this.list.style.setProperty("--tile-height", `${this.shape.height}px`);
    this.nameThem();
    this.showRows();
  }

  /** The room that what comes and goes around the grid takes now, pixels: an open panel, the strip above, the lines below. */
  guests() {
    const page = this.scroller.closest(".live-columns");
    const size = (/** @type {string} */ selector) => page?.querySelector(selector)?.getBoundingClientRect() ?? { width: 0, height: 0 };
    const width = Math.max(0, size(".live-panel").width - FOLDED_PANEL);
    return { width: matchMedia(NARROW).matches ? 0 : width, height: size(".needs").height + size(".past").height };
  }

  /** A letter before each row, for the keys. */
  showRows() {
    const { columns, height } = this.shape;
    document.body.dataset.crowd = this.tiles.size > CROWD ? "yes" : "no";
    const rows = Math.ceil(this.tiles.size / columns);
    this.rows.style.setProperty("--tile-height", `${height}px`);
    if (this.rows.childElementCount === rows) return;
    this.rows.replaceChildren(...[...Array(rows).keys()].map((row) => el("span", {}, letterOf(row))));
  }
}

/** How many letters of a name such a tile holds in a line. @param {import("./arrange.js").Shape} shape */
function lettersIn({ width, height }) {
  const [, usual] = NAME_SIZES.find(([most]) => width <= most) ?? NAME_SIZES[2];
  const size = height <= FLAT.height ? FLAT.size : usual;
  return Math.max(4, Math.floor((width - MARGINS) / (size * LETTER)));
}

/** @param {Element} place */
function tileId(place) {
  const button = place.firstElementChild;
  return button instanceof HTMLElement ? (button.dataset.id ?? "") : "";
}
