// Which incidents this teacher has seen: their card was on the screen, in front, for a second, or they were opened.
// The server asks for that before it takes one decision on several.

const LONG_ENOUGH_MS = 1000;
const TELL_EVERY_MS = 400;
const MOST_AT_ONCE = 100;

export class Seen {
  /**
   * @param {(incidents: string[], until: number) => Promise<unknown>} tell
   * @param {{observe: typeof watchCards, later: (run: () => void, ms: number) => any}} [page] stands in for the browser in tests
   */
  constructor(tell, { observe, later } = { observe: watchCards, later: (run, ms) => setTimeout(run, ms) }) {
    this.tell = tell;
    this.later = later;
    /** Up to which alert each incident was seen, ms. @type {Map<string, number>} */
    this.until = new Map();
    /** @type {Map<string, import("../incidents/incidents.js").Incident>} */
    this.shown = new Map();
    /** @type {Set<string>} */
    this.onScreen = new Set();
    /** @type {Map<string, number>} */
    this.untold = new Map();
    this.watch = observe((id, isOn) => this.changed(id, isOn));
  }

  /** The list was drawn. @param {readonly import("../incidents/incidents.js").Incident[]} incidents @param {(id: string) => Element} cardOf */
  placed(incidents, cardOf) {
    this.shown = new Map(incidents.map((one) => [one.id, one]));
    this.watch(incidents.map(({ id }) => cardOf(id)));
    for (const { id } of incidents) if (this.onScreen.has(id) && !this.has(id)) this.wait(id);
  }

  /** @param {string} id */
  has(id) {
    return (this.until.get(id) ?? -Infinity) >= (this.shown.get(id)?.until ?? Infinity);
  }

  /** @param {string} id @param {boolean} isOn */
  changed(id, isOn) {
    if (!isOn) return void this.onScreen.delete(id);
    this.onScreen.add(id);
    this.wait(id);
  }

  /** @param {string} id */
  wait(id) {
    const until = this.shown.get(id)?.until;
    this.later(() => until !== undefined && this.onScreen.has(id) && this.saw({ id, until }), LONG_ENOUGH_MS);
  }

  /** @param {Pick<import("../incidents/incidents.js").Incident, "id" | "until">} incident */
  saw({ id, until }) {
    if ((this.until.get(id) ?? -Infinity) >= until) return;
    this.until.set(id, until);
    if (this.untold.size === 0) this.later(() => void this.flush(), TELL_EVERY_MS);
    this.untold.set(id, until);
  }

  /** Tell the server; what it does not take now is told with what is seen next. */
  async flush() {
    const told = [...this.untold].slice(0, MOST_AT_ONCE);
    this.untold = new Map([...this.untold].slice(MOST_AT_ONCE));
    if (told.length === 0) return;
    try {
      await this.tell(told.map(([id]) => id), Math.max(...told.map(([, until]) => until)));
    } catch {
      for (const [id, until] of told) this.untold.set(id, until);
    }
    if (this.untold.size > 0) this.later(() => void this.flush(), LONG_ENOUGH_MS);
  }
}

/** @param {(id: string, isOn: boolean) => void} changed @returns {(cards: Element[]) => void} */
function watchCards(changed) {
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) changed(/** @type {HTMLElement} */ (target).dataset.id ?? "", isIntersecting && !document.hidden);
  }, { threshold: 0.6 });
  /** @type {Set<Element>} */
  let watched = new Set();
  return (cards) => {
    const now = new Set(cards);
    for (const card of watched) if (!now.has(card)) observer.unobserve(card);
    for (const card of now) if (!watched.has(card)) observer.observe(card);
    watched = now;
  };
}
