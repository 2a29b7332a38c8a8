// The student under the pointer, or with the focus of the keyboard, as a larger live picture beside the tile.

import { find } from "../../shared/dom.js";
import { WEBCAM } from "./picture_feed.js";

/** Over a tile that is wider there is nothing to enlarge; pixels. */
const LARGE_TILE = 300;
const GAP = 6;
const WAIT_MS = 120;

/**
 * Where a preview stands: below its tile, or above where there is no room, and always inside the window.
 * @param {{left: number, top: number, right: number, bottom: number}} tile pixels
 * @param {{width: number, height: number}} size of the preview
 * @param {{width: number, height: number}} window
 */
export function placeBeside(tile, size, window) {
  const below = tile.bottom + GAP;
  const top = below + size.height <= window.height ? below : Math.max(0, tile.top - GAP - size.height);
  const middle = (tile.left + tile.right - size.width) / 2;
  return { left: Math.max(GAP, Math.min(middle, window.width - size.width - GAP)), top };
}

export class Preview {
  /**
   * @param {HTMLElement} root
   * @param {import("./grid.js").Grid} grid
   * @param {(id: string | null) => void} watch whose picture shall come at the full rate
   */
  constructor(root, grid, watch) {
    this.grid = grid;
    this.watch = watch;
    this.box = find("#preview", HTMLElement, root);
    this.canvas = find("canvas", HTMLCanvasElement, this.box);
    this.name = find(".preview-name", HTMLElement, this.box);
    /** @type {string | null} */
    this.id = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    const { list } = grid;
    list.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.soon(idAt(event.target)));
    list.addEventListener("pointerleave", () => this.soon(null));
    list.addEventListener("focusin", (event) => isByKeyboard(event.target) && this.soon(idAt(event.target)));
    list.addEventListener("focusout", () => this.soon(null));
    list.addEventListener("dragstart", () => this.show(null));
    list.addEventListener("click", () => this.show(null));
  }

  /** A pointer that only passes by shows nothing. @param {string | null} id */
  soon(id) {
    clearTimeout(this.timer);
    if (id !== this.id) this.timer = setTimeout(() => this.show(id), WAIT_MS);
  }

  /** @param {string | null} id of whom to show; null for nobody */
  show(id) {
    clearTimeout(this.timer);
    const tile = this.grid.tiles.get(id ?? "");
    this.grid.tiles.get(this.id ?? "")?.button.classList.remove("is-looked-at");
    this.id = tile ? id : null;
    this.watch(this.id);
    tile?.button.classList.add("is-looked-at");
    this.box.hidden = !tile || tile.takenAt === null || this.grid.shape.width >= LARGE_TILE;
    if (!tile || this.box.hidden) return;
    this.name.textContent = tile.participant.name;
    this.draw(tile.canvas);
    const { left, top } = placeBeside(tile.button.getBoundingClientRect(), this.box.getBoundingClientRect(), { width: innerWidth, height: innerHeight });
    this.box.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
  }

  /** @param {import("./picture_feed.js").Picture} picture */
  paint({ id, channel, bitmap }) {
    if (id === this.id && channel === WEBCAM && !this.box.hidden) this.draw(bitmap);
  }

  /** @param {HTMLCanvasElement | ImageBitmap} picture */
  draw(picture) {
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
    }
    this.canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0);
  }
}

/** @param {EventTarget | null} target */
function isByKeyboard(target) {
  return target instanceof Element && target.matches(":focus-visible");
}

/** @param {EventTarget | null} target */
function idAt(target) {
  const tile = target instanceof Element ? target.closest(".tile") : null;
  return tile instanceof HTMLElement ? (tile.dataset.id ?? null) : null;
}
