// What a teacher says to everybody, across the page until the student closes it: nobody may miss it in the chat.

import { find } from "../../shared/dom.js";
import { clockTime } from "../../shared/i18n.js";

/** @typedef {import("../../shared/chat_log.js").Message} Message */

/**
 * The newest words to everybody that the student has not closed yet.
 * @param {readonly Message[]} messages in any order @param {number} closed the id of the last that was closed
 * @returns {Message | null}
 */
export function newestToAll(messages, closed) {
  const open = messages.filter(({ id, to }) => to.kind === "all" && id > closed);
  return open.reduce((newest, one) => (newest && newest.id > one.id ? newest : one), /** @type {Message | null} */ (null));
}

export class Announcement {
  /** @param {HTMLElement} root @param {{announced: number | null}} memory outlives a reload */
  constructor(root, memory) {
    this.root = root;
    this.memory = memory;
    this.shown = 0;
    /** The last one that was closed; null before the first welcome. */
    this.closed = memory.announced;
    find("button", HTMLButtonElement, root).addEventListener("click", () => this.close());
  }

  /** The server's history: on a first visit all of it is of the past. @param {readonly Message[]} messages */
  welcome(messages) {
    if (this.closed === null) this.#remember(Math.max(0, ...messages.map(({ id }) => id)));
    this.#show(newestToAll(messages, this.closed ?? 0));
  }

  /** @param {Message} message */
  take(message) {
    this.#show(newestToAll([message], Math.max(this.shown, this.closed ?? 0)));
  }

  close() {
    this.#remember(this.shown);
    this.root.hidden = true;
  }

  /** @param {number} id */
  #remember(id) {
    this.closed = id;
    this.memory.announced = id;
  }

  /** @param {Message | null} message */
  #show(message) {
    if (!message || message.id === this.shown) return;
    this.shown = message.id;
    find("strong", HTMLElement, this.root).textContent = message.from.name;
    find("time", HTMLTimeElement, this.root).textContent = clockTime(message.sent_at);
    find(".announcement-text", HTMLElement, this.root).textContent = message.text;
    this.root.hidden = false;
  }
}
