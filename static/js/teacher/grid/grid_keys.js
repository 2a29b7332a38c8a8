// Moves through the grid by keyboard: one stop for Tab, arrows from tile to tile.

/** @typedef {import("./grid.js").Grid} Grid */

const STEPS = new Map([["ArrowLeft", -1], ["ArrowRight", 1]]);

export class GridKeys {
  /**
   * @param {Grid} grid
   * @param {(id: string) => void} open
   */
  constructor(grid, open) {
    this.grid = grid;
    /** @type {string | null} */
    this.current = null;
    grid.list.addEventListener("keydown", (event) => this.pressed(event));
    grid.list.addEventListener("focusin", (event) => this.setCurrent(idAt(event.target)));
    grid.list.addEventListener("click", (event) => {
      const id = idAt(event.target);
      if (id) open(id);
    });
  }

  /** Exactly one tile can be reached with Tab: the one used last, else the first. */
  refresh() {
    if (!this.current || !this.grid.tiles.has(this.current)) this.current = this.grid.tiles.keys().next().value ?? null;
    for (const [id, tile] of this.grid.tiles) tile.button.tabIndex = id === this.current ? 0 : -1;
  }

  /** @param {string | null} id */
  setCurrent(id) {
    if (!id || id === this.current) return;
    this.current = id;
    this.refresh();
  }

  /** @param {string | null} [id] */
  focus(id = this.current) {
    if (id) this.grid.tiles.get(id)?.button.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const ids = [...this.grid.tiles.keys()];
    const at = ids.indexOf(this.current ?? "");
    const next = this.target(event.key, at, ids.length);
    if (next === null) return;
    event.preventDefault();
    this.focus(ids[Math.min(Math.max(0, next), ids.length - 1)]);
  }

  /**
   * @param {string} key
   * @param {number} at
   * @param {number} count
   * @returns {number | null}
   */
  target(key, at, count) {
    const columns = this.grid.columns;
    const step = STEPS.get(key);
    if (step !== undefined) return at + step;
    if (key === "ArrowDown") return Math.max(at, Math.min(at + columns, count - 1));
    if (key === "ArrowUp") return at - columns >= 0 ? at - columns : at;
    if (key === "Home") return 0;
    if (key === "End") return count - 1;
    return null;
  }
}

/** @param {EventTarget | null} target */
function idAt(target) {
  const tile = target instanceof Element ? target.closest(".tile") : null;
  return tile instanceof HTMLElement ? (tile.dataset.id ?? null) : null;
}
