// What must survive a reload of the page: messages not sent yet, how far the chat was read, whether we reloaded by ourselves.

/** @typedef {{clientId: string, text: string}} Unsent */

const RELOAD_PAUSE_MS = 60_000; // a page that reloads itself more often than this would never come to rest

export class Memory {
  /** @param {string} participant the participant's id: another student at this computer starts afresh @param {Storage} [storage] */
  constructor(participant, storage = sessionStorage) {
    this.storage = storage;
    this.prefix = `exam-${participant}-`;
  }

  /** @returns {Unsent[]} */
  get unsent() {
    return this.#read("unsent", []);
  }

  /** @param {string} clientId @param {string} text */
  hold(clientId, text) {
    const others = this.unsent.filter((message) => message.clientId !== clientId);
    this.#write("unsent", [...others, { clientId, text }]);
  }

  /** @param {string} clientId */
  release(clientId) {
    this.#write("unsent", this.unsent.filter((message) => message.clientId !== clientId));
  }

  /** @returns {number} the id of the last message that was read; on a first visit everything older counts as read */
  get lastRead() {
    return this.#read("read", Infinity);
  }

  set lastRead(id) {
    this.#write("read", id);
  }

  /** @returns {number | null} the id of the last words to everybody that were closed; null on a first visit */
  get announced() {
    return this.#read("announced", null);
  }

  set announced(id) {
    this.#write("announced", id);
  }

  /** @returns {boolean} whether the sensors of this phone were started on this page before */
  get wasStarted() {
    return this.#read("started", false);
  }

  set wasStarted(started) {
    this.#write("started", started);
  }

  /** Whether the page may load itself again now; counts as done. @param {number} now */
  mayReload(now) {
    if (now - this.#read("reload", 0) < RELOAD_PAUSE_MS) return false;
    this.#write("reload", now);
    return true;
  }

  /** @param {string} name @param {any} otherwise */
  #read(name, otherwise) {
    try {
      return JSON.parse(this.storage.getItem(this.prefix + name) ?? "null") ?? otherwise;
    } catch {
      return otherwise; // storage is switched off
    }
  }

  /** @param {string} name @param {unknown} value */
  #write(name, value) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // Storage is switched off or full: a reload starts afresh, nothing else is lost.
    }
  }
}
