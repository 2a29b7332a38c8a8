// A dark view that keeps the phone cool and its battery full: it comes by itself when all is well, and goes at a touch.

const DARK_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 1000;

export class Dark {
  /** @param {HTMLElement} cover a button over the whole screen @param {HTMLElement} opener */
  constructor(cover, opener) {
    this.cover = cover;
    this.opener = opener;
    this.isWell = false;
    this.touchedAt = performance.now();
    cover.addEventListener("click", () => this.#show(false));
    opener.addEventListener("click", () => this.#show(true));
    for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, () => void (this.touchedAt = performance.now()));
    setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** What is missing must be seen. @param {boolean} isWell */
  learn(isWell) {
    if (this.isWell && !isWell) this.#show(false);
    if (!this.isWell && isWell) this.touchedAt = performance.now();
    this.isWell = isWell;
  }

  #look() {
    if (this.isWell && this.cover.hidden && performance.now() - this.touchedAt > DARK_AFTER_MS) this.#show(true);
  }

  /** @param {boolean} isDark */
  #show(isDark) {
    if (this.cover.hidden === !isDark) return;
    this.cover.hidden = !isDark;
    document.body.classList.toggle("is-dark", isDark);
    (isDark ? this.cover : this.opener).focus({ preventScroll: true });
  }
}
