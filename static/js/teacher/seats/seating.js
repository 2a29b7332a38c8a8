// Lets a teacher put students where they sit: a tile dragged onto another, or moved with Shift and the arrows.

import { seatBeside } from "./seats.js";

export class Seating {
  /**
   * @param {import("../grid/grid.js").Grid} grid
   * @param {(one: string, other: string) => void} swap
   */
  constructor(grid, swap) {
    this.grid = grid;
    this.swap = swap;
    /** @type {string | null} */
    this.dragged = null;
    const { list } = grid;
    list.addEventListener("dragstart", (event) => this.begun(event));
    list.addEventListener("dragover", (event) => this.over(event));
    list.addEventListener("drop", (event) => this.dropped(event));
    list.addEventListener("dragend", () => this.mark(null));
    list.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {DragEvent} event */
  begun(event) {
    this.dragged = idAt(event.target);
    event.dataTransfer?.setData("text/plain", ""); // without data no drag begins in some browsers
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  /** @param {DragEvent} event */
  over(event) {
    if (!this.dragged) return;
    event.preventDefault();
    this.mark(idAt(event.target));
  }

  /** @param {DragEvent} event */
  dropped(event) {
    const [one, other] = [this.dragged, idAt(event.target)];
    this.mark(null);
    this.dragged = null;
    if (!one) return;
    event.preventDefault();
    if (other && other !== one) this.swap(one, other);
  }

  /** Show where the tile would go. @param {string | null} id */
  mark(id) {
    for (const [one, tile] of this.grid.tiles) tile.button.classList.toggle("is-target", one === id && one !== this.dragged);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (!event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const ids = [...this.grid.tiles.keys()];
    const one = idAt(event.target);
    const at = ids.indexOf(one ?? "");
    const next = at < 0 ? null : seatBeside(at, event.key, this.grid.columns, ids.length);
    if (!one || next === null) return;
    event.preventDefault();
    this.swap(one, ids[next]);
  }
}

/** @param {EventTarget | null} target */
function idAt(target) {
  const place = target instanceof Element ? target.closest(".tile-place") : null;
  const tile = place?.querySelector(".tile");
  return tile instanceof HTMLElement ? (tile.dataset.id ?? null) : null;
}
