// What a chat knows, without a page: which message belongs where, in which order, what is unread, what is not sent yet.

/** @typedef {{kind: string, id?: string | null}} To */
/** @typedef {{id: number, client_id: string, from: {kind: string, id: string, name: string}, to: To, text: string, sent_at: number}} Message */
/** @typedef {{clientId: string, to: To, text: string, problem: import("./connection.js").Problem | null}} Unsent */
/** @typedef {{kind: string, id: string}} Self */

/**
 * The conversation that a message belongs to: `all`, `teachers` or `student:<id>`. A student has one conversation only.
 * @param {Message} message
 * @param {Self} self
 * @returns {string}
 */
export function conversationOf(message, self) {
  if (self.kind === "student") return "teachers";
  if (message.from.kind === "student") return keyOf({ kind: "student", id: message.from.id });
  return keyOf(message.to);
}

/**
 * @param {To} to
 * @returns {string}
 */
export function keyOf(to) {
  return to.kind === "student" ? `student:${to.id}` : to.kind;
}

/** All messages of one page; ids grow in the order of sending, so they alone decide the order. */
export class ChatLog {
  /** @param {Self} self */
  constructor(self) {
    this.self = self;
    /** @type {Map<string, Message[]>} */
    this.conversations = new Map();
    /** @type {Set<number>} */
    this.known = new Set();
    /** @type {Map<string, number>} */
    this.unread = new Map();
    /** @type {Unsent[]} */
    this.unsent = [];
    this.lastId = 0;
  }

  /**
   * Take a message; true when it is new. One that was waiting to be sent stops waiting.
   * @param {Message} message
   * @param {boolean} [isRead]
   * @returns {boolean}
   */
  add(message, isRead = false) {
    this.#forget(message);
    if (this.known.has(message.id)) return false;
    this.known.add(message.id);
    this.lastId = Math.max(this.lastId, message.id);
    const key = conversationOf(message, this.self);
    const list = this.conversations.get(key) ?? [];
    this.conversations.set(key, insert(list, message));
    if (!isRead && !this.isMine(message)) this.unread.set(key, (this.unread.get(key) ?? 0) + 1);
    return true;
  }

  /**
   * @param {Message} message
   * @returns {boolean}
   */
  isMine(message) {
    return message.from.kind === this.self.kind && message.from.id === this.self.id;
  }

  /**
   * @param {string} key
   * @returns {Message[]}
   */
  messages(key) {
    return this.conversations.get(key) ?? [];
  }

  /** @param {string} key */
  read(key) {
    this.unread.delete(key);
  }

  /** @returns {number} unread messages of all conversations */
  get unreadTotal() {
    return [...this.unread.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Keep a text until the server has it.
   * @param {To} to
   * @param {string} text
   * @param {string} clientId
   * @returns {Unsent}
   */
  hold(to, text, clientId) {
    const unsent = { clientId, to, text, problem: null };
    this.unsent.push(unsent);
    return unsent;
  }

  /**
   * @param {string} key
   * @returns {Unsent[]}
   */
  waiting(key) {
    return this.unsent.filter((unsent) => this.self.kind === "student" || keyOf(unsent.to) === key);
  }

  /** @param {string} clientId */
  drop(clientId) {
    this.unsent = this.unsent.filter((unsent) => unsent.clientId !== clientId);
  }

  /** @param {Message} message */
  #forget(message) {
    if (this.isMine(message)) this.drop(message.client_id);
  }
}

/**
 * @param {Message[]} list in the order of ids
 * @param {Message} message
 * @returns {Message[]}
 */
function insert(list, message) {
  const after = list.findLastIndex((other) => other.id < message.id);
  return list.toSpliced(after + 1, 0, message);
}
