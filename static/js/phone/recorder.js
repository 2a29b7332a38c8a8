// Sends batches of readings to `app.py record-arm`, in their order; what could not be sent is sent again.

/** @typedef {{at: number, data: ArrayBuffer}} Batch */
/** @typedef {(path: string, body?: ArrayBuffer) => Promise<{ok: boolean, json(): Promise<any>}>} Post */

const MOST_WAITING = 400; // batches: a minute and a half without the network

export class Recorder {
  /** @param {Post} post @param {{onKept: (told: {rows: number, seconds: number}) => void, onLost: () => void}} events */
  constructor(post, { onKept, onLost }) {
    this.post = post;
    this.onKept = onKept;
    this.onLost = onLost;
    /** @type {string | null} */
    this.name = null;
    /** @type {Batch[]} */
    this.waiting = [];
    /** @type {Promise<void> | null} */
    this.sending = null;
  }

  /** @returns {Promise<boolean>} whether the computer is ready */
  async begin() {
    this.waiting = [];
    const answer = await this.#ask("begin");
    this.name = answer?.name ?? null;
    return this.name !== null;
  }

  /** @param {Batch} batch */
  send(batch) {
    if (this.name === null) return Promise.resolve();
    this.waiting.push(batch);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.sending ??= this.#flush().finally(() => (this.sending = null));
    return this.sending;
  }

  /** End it. @returns {Promise<string | null | undefined>} the file that was kept, null for none, undefined: not heard */
  async end() {
    await this.sending;
    await this.#flush();
    this.name = null;
    const answer = await this.#ask("end");
    return answer ? answer.kept : undefined;
  }

  async #flush() {
    while (this.waiting.length > 0 && this.name !== null) {
      const [{ at, data }] = this.waiting;
      const told = await this.#ask(`readings/${encodeURIComponent(this.name)}?at=${at}`, data);
      if (!told) return; // the next batch tries again
      this.waiting.shift();
      this.onKept(told);
    }
  }

  /** @param {string} path @param {ArrayBuffer} [body] @returns {Promise<any>} null where it failed */
  async #ask(path, body) {
    try {
      const answer = await this.post(path, body);
      if (answer.ok) return await answer.json();
    } catch {
      // no network: told like a refusal
    }
    this.onLost();
    return null;
  }
}
