// Any student in two strokes: Shift and the letter of the row, then the letter of the column.

import { areKeysOn, isTyping } from "../room/key_presses.js";

const FIRST = "A".charCodeAt(0);
/** So long the second letter is waited for, ms. */
const PATIENCE_MS = 4000;

/** The letter of a row or a column, counted from 0; "" beyond the alphabet. @param {number} place */
export function letterOf(place) {
  return place < 26 ? String.fromCharCode(FIRST + place) : "";
}

/**
 * The row or column that a key names, from 0; null for any other key. A keyboard that writes no Latin letters counts by
 * the places of the keys.
 * @param {Pick<KeyboardEvent, "key" | "code">} event
 */
export function placeOf({ key, code }) {
  const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  const letter = isForeign ? /^Key([A-Z])$/.exec(code)?.[1] : /^[a-z]$/i.exec(key)?.[0];
  return letter ? letter.toUpperCase().charCodeAt(0) - FIRST : null;
}

/**
 * The seat that two letters name, among so many seats; null where there is none.
 * @param {number} row
 * @param {number} column
 * @param {number} columns
 * @param {number} count
 */
export function seatAt(row, column, columns, count) {
  const seat = row * columns + column;
  return column < columns && seat < count ? seat : null;
}

export class SeatKeys {
  /**
   * @param {import("../grid/grid.js").Grid} grid
   * @param {(id: string) => void} go
   */
  constructor(grid, go) {
    this.grid = grid;
    this.go = go;
    /** @type {number | null} */
    this.row = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Shift" || event.defaultPrevented || !this.isMeant(event)) return;
    const place = placeOf(event);
    if (this.row !== null) return this.second(event, this.row, place);
    if (!event.shiftKey || place === null || seatAt(place, 0, this.grid.columns, this.grid.tiles.size) === null) return;
    event.preventDefault();
    this.wait(place);
  }

  /** @param {KeyboardEvent} event */
  isMeant(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return false;
    return areKeysOn() && !document.querySelector("dialog[open]");
  }

  /**
   * Whatever sign the second key makes, it does nothing else: one that names no seat must not judge an incident.
   * @param {KeyboardEvent} event
   * @param {number} row
   * @param {number | null} column
   */
  second(event, row, column) {
    if (event.key.length === 1) event.preventDefault();
    this.wait(null);
    const seat = column === null ? null : seatAt(row, column, this.grid.columns, this.grid.tiles.size);
    if (seat !== null) this.go([...this.grid.tiles.keys()][seat]);
  }

  /** Show the letters of this row's columns until the second key, or for a while. @param {number | null} row */
  wait(row) {
    clearTimeout(this.timer);
    this.row = row;
    [...this.grid.tiles.values()].forEach((tile, seat) => {
      tile.button.classList.toggle("is-named", row !== null && Math.floor(seat / this.grid.columns) === row);
    });
    if (row !== null) this.timer = setTimeout(() => this.wait(null), PATIENCE_MS);
  }
}
