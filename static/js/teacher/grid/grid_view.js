// The students on the screen: what the toolbar asks for, put into tiles; which of them are watched.

import { arrange } from "./arrange.js";
import { WEBCAM } from "./picture_feed.js";
import { Grid } from "./grid.js";
import { GridKeys } from "./grid_keys.js";
import { find } from "../../shared/dom.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("./tile.js").Tile} Tile
 *
 * @typedef {object} Parts
 * @property {import("../room/live_room.js").LiveRoom} live
 * @property {import("./frames.js").FrameBatch} batch
 * @property {import("../room/toolbar.js").Toolbar} toolbar
 * @property {(ids: string[]) => void} watch
 * @property {(id: string) => void} open
 */

// "Incidents first" moves tiles; none may slip away under a hand that is about to click.
const HOLD_MS = 2000;

export class GridView {
  /**
   * @param {HTMLElement} root
   * @param {Parts} parts
   */
  constructor(root, { live, batch, toolbar, watch, open }) {
    this.live = live;
    this.batch = batch;
    this.toolbar = toolbar;
    this.empty = find("#grid-empty", HTMLElement, root);
    /** @type {ReadonlyMap<string, number>} */
    this.unread = new Map();
    /** @type {Participant[]} */
    this.all = [];
    this.heldUntil = 0;
    const scroller = find("#grid-scroller", HTMLElement, root);
    this.grid = new Grid(scroller, find("#grid", HTMLElement, root), batch, watch);
    this.keys = new GridKeys(this.grid, { open, page: (step) => toolbar.turn(step) });
    this.draw = () => this.show();
    this.drawAges = () => this.grid.refreshAges();
    this.fill = (/** @type {Tile} */ tile) => this.fillTile(tile);
    scroller.addEventListener("pointermove", () => (this.heldUntil = performance.now() + HOLD_MS));
    for (const what of ["participants", "alerts", "room", "scores", "senses"]) live.addEventListener(what, () => this.refresh());
    toolbar.onChange = () => {
      this.heldUntil = 0;
      this.show();
    };
    toolbar.onLeave = () => this.focus();
    setInterval(() => this.tick(), 1000);
  }

  /** Show the changes with the next frame. */
  refresh() {
    this.batch.ask(this.draw);
  }

  tick() {
    this.batch.ask(this.drawAges);
    if (this.heldUntil > 0 && this.heldUntil < performance.now()) {
      this.heldUntil = 0;
      this.refresh();
    }
  }

  show() {
    const found = arrange(this.live.participants.values(), (id) => this.live.alertsOf(id), this.toolbar.wish(), (id) => this.live.scores.of(id).suspicion);
    this.all = this.isHeld() ? inOrderOf(found, this.all) : found;
    this.grid.show(this.toolbar.cut(this.all), this.fill);
    this.keys.refresh();
    this.empty.hidden = this.all.length > 0;
    const ended = this.live.room.state === "ended";
    this.empty.dataset.why = this.live.participants.size ? "filter" : ended ? "ended" : "nobody";
  }

  isHeld() {
    return this.toolbar.wish().order === "incidents" && performance.now() < this.heldUntil;
  }

  /** @param {Tile} tile */
  fillTile(tile) {
    tile.alerts = this.live.alertsOf(tile.participant.id);
    tile.score = this.live.scoreOf(tile.participant.id);
    tile.sensed = this.live.sensesOf(tile.participant.id);
    tile.chats = this.unread.get(`student:${tile.participant.id}`) ?? 0;
  }

  /** @param {ReadonlyMap<string, number>} unread messages by conversation */
  setUnread(unread) {
    this.unread = new Map(unread);
    this.refresh();
  }

  /** @param {string} [id] of the tile to go to; else the one used last */
  focus(id) {
    if (id && this.grid.tiles.has(id)) this.keys.setCurrent(id);
    this.keys.focus();
  }

  /** @param {import("./picture_feed.js").Picture} picture */
  paint(picture) {
    if (picture.channel === WEBCAM) this.grid.tiles.get(picture.id)?.paint(picture);
  }

  /**
   * The student before or after another one in the order of the grid, over all pages.
   * @param {string} id
   * @param {number} step
   * @returns {string | null}
   */
  beside(id, step) {
    const at = this.all.findIndex((one) => one.id === id);
    return this.all[(at + step + this.all.length) % Math.max(1, this.all.length)]?.id ?? null;
  }
}

/**
 * @param {Participant[]} found
 * @param {Participant[]} before
 */
function inOrderOf(found, before) {
  const places = new Map(before.map((one, place) => [one.id, place]));
  const place = (/** @type {Participant} */ one) => places.get(one.id) ?? Number.MAX_SAFE_INTEGER;
  return [...found].sort((a, b) => place(a) - place(b));
}
