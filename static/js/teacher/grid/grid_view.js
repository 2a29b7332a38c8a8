// The students on the screen: what the toolbar asks for, put into tiles; which of them are watched.

import { arrange, countsOf } from "./arrange.js";
import { WEBCAM } from "./picture_feed.js";
import { Grid } from "./grid.js";
import { GridKeys } from "./grid_keys.js";
import { Preview } from "./preview.js";
import { SeatKeys } from "../seats/seat_keys.js";
import { Seating } from "../seats/seating.js";
import { readPlan, swapped } from "../seats/seats.js";
import { find } from "../../shared/dom.js";
import { keepChoice, readChoice } from "../room/preferences.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("./tile.js").Tile} Tile
 *
 * @typedef {object} Parts
 * @property {import("../room/live_room.js").LiveRoom} live
 * @property {import("./frames.js").FrameBatch} batch
 * @property {import("../room/toolbar.js").Toolbar} toolbar
 * @property {(ids: string[]) => void} watch
 * @property {(id: string | null) => void} preview who is looked at closely
 * @property {(id: string) => void} open
 * @property {(counts: import("../room/count_filters.js").Counts) => void} count told whenever something changed
 */

/** All who are here, whatever the toolbar says. */
const EVERYBODY = { filter: "here", search: "" };

export class GridView {
  /**
   * @param {HTMLElement} root
   * @param {Parts} parts
   */
  constructor(root, { live, batch, toolbar, watch, preview, open, count }) {
    this.count = count;
    this.live = live;
    this.batch = batch;
    this.toolbar = toolbar;
    this.empty = find("#grid-empty", HTMLElement, root);
    /** @type {ReadonlyMap<string, number>} */
    this.unread = new Map();
    /** @type {Participant[]} */
    this.all = [];
    this.planName = `seats.${live.room.id}`;
    this.plan = readPlan(readChoice(this.planName, "[]"));
    const scroller = find("#grid-scroller", HTMLElement, root);
    this.grid = new Grid(scroller, find("#grid", HTMLElement, root), batch, watch);
    this.preview = new Preview(root, this.grid, preview);
    this.keys = new GridKeys(this.grid, open);
    new SeatKeys(this.grid, (id) => (root.dataset.large === "yes" ? open(id) : this.focus(id)));
    new Seating(this.grid, (one, other) => this.swap(one, other));
    this.draw = () => this.show();
    this.drawAges = () => this.grid.refreshAges();
    this.fill = (/** @type {Tile} */ tile) => this.fillTile(tile);
    for (const what of ["participants", "alerts", "room", "scores", "senses"]) live.addEventListener(what, () => this.refresh());
    toolbar.onChange = () => this.show();
    toolbar.onLeave = () => this.focus();
    setInterval(() => batch.ask(this.drawAges), 1000);
  }

  /** Show the changes with the next frame. */
  refresh() {
    this.batch.ask(this.draw);
  }

  show() {
    this.all = this.arranged({});
    this.grid.show(this.all, this.fill);
    this.keys.refresh();
    this.toolbar.setShown(this.all.length, this.arranged(EVERYBODY).length);
    this.empty.hidden = this.all.length > 0;
    this.count(countsOf(this.live.participants.values(), this.known()));
    const ended = this.live.room.state === "ended";
    this.empty.dataset.why = this.live.participants.size ? "filter" : ended ? "ended" : "nobody";
  }

  /** @param {Partial<import("./arrange.js").Wish>} wish beside what the toolbar says */
  arranged(wish) {
    return arrange(this.live.participants.values(), { ...this.toolbar.wish(), ...wish }, this.known());
  }

  /** @returns {import("./arrange.js").Known} */
  known() {
    return { alertsOf: (id) => this.live.alertsOf(id), unreadOf: (id) => this.unreadOf(id), plan: this.plan };
  }

  /** @param {Tile} tile */
  fillTile(tile) {
    tile.alerts = this.live.alertsOf(tile.participant.id);
    tile.score = this.live.scoreOf(tile.participant.id);
    tile.sensed = this.live.sensesOf(tile.participant.id);
    tile.chats = this.unreadOf(tile.participant.id);
  }

  /** Messages of a student that nobody has read. @param {string} id */
  unreadOf(id) {
    return this.unread.get(`student:${id}`) ?? 0;
  }

  /** Two students change places; from now on the plan is shown. @param {string} one @param {string} other */
  swap(one, other) {
    const hadFocus = this.grid.list.contains(document.activeElement);
    this.plan = swapped(this.arranged(EVERYBODY).map(({ id }) => id), one, other);
    keepChoice(this.planName, JSON.stringify(this.plan));
    this.toolbar.setOrder("seats");
    if (hadFocus) this.focus(one);
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
    this.preview.paint(picture);
  }

  /**
   * The student before or after another one in the order of the grid.
   * @param {string} id
   * @param {number} step
   * @returns {string | null}
   */
  beside(id, step) {
    const at = this.all.findIndex((one) => one.id === id);
    return this.all[(at + step + this.all.length) % Math.max(1, this.all.length)]?.id ?? null;
  }
}
