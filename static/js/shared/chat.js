// The chat as people see it: for a teacher a list of conversations and one open thread, for a student the thread alone.

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { announce, beep } from "./notify.js";
import { ChatLog } from "./chat_log.js";
import { conversationLine, messageLine, reconcile, waitingLine } from "./chat_lines.js";

/** @typedef {import("./chat_log.js").Message} Message */
/** @typedef {import("./chat_log.js").To} To */
/** @typedef {import("./chat_log.js").Unsent} Unsent */
/** @typedef {{key: string, name: string, to: To}} Conversation */
/**
 * @typedef {object} ChatOptions
 * @property {import("./chat_log.js").Self} self
 * @property {(to: To, text: string, clientId: string) => Promise<Message>} send rejects with a Problem
 * @property {Conversation[]} conversations a single one hides the list
 * @property {(total: number, byConversation: Map<string, number>) => void} [onUnread]
 * @property {() => boolean} [isVisible] whether the person can see the open thread now
 * @property {number} [maxLength]
 */

// These come from the network or a limit: the same text may be tried again. Anything else is for the person to change.
const TRY_AGAIN = new Set(["offline", "no_answer", "too_fast"]);

export class ChatPart {
  /**
   * @param {HTMLElement} root
   * @param {ChatOptions} options
   */
  constructor(root, { self, send, conversations, onUnread = () => {}, isVisible, maxLength = 1000 }) {
    this.root = root;
    this.send = send;
    this.onUnread = onUnread;
    this.isVisible = isVisible ?? (() => !document.hidden && root.offsetParent !== null);
    this.maxLength = maxLength;
    this.log = new ChatLog(self);
    this.conversations = conversations;
    this.open = conversations.length === 1 ? conversations[0].key : null;
    this.filter = "";
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    /** @type {Map<string, string>} */
    this.drafts = new Map();
    this.nothing = el("li", { class: "nothing" }, t("No messages yet."));
    this.people = el("ul", { class: "chat-people" });
    this.list = el("ol", { class: "chat-lines" });
    this.lines = el("div", { class: "chat-log", role: "log", "aria-label": t("Messages"), tabindex: "0" }, this.list);
    this.heading = el("span", { class: "grow text-truncate", dir: "auto" });
    this.compose = this.#composer();
    root.classList.add("chat");
    document.addEventListener("visibilitychange", () => this.seen());
    this.#build();
  }

  /** @returns {number} the highest id seen: what to ask `history` after, on rejoining */
  get lastId() {
    return this.log.lastId;
  }

  /**
   * A message arrived now: shown, counted, heard.
   * @param {Message} message
   */
  add(message) {
    if (!this.log.add(message)) return this.#refresh();
    if (!this.log.isMine(message)) {
      beep();
      announce(t("Message from %(name)s: %(text)s", { name: message.from.name, text: message.text }));
    }
    this.seen();
  }

  /**
   * Messages of the past, on joining (`isRead`) or rejoining: in any order, doubles do not matter.
   * @param {Message[]} messages
   * @param {boolean} [isRead]
   */
  addAll(messages, isRead = false) {
    for (const message of messages) this.log.add(message, isRead);
    this.seen();
  }

  /** @param {Conversation[]} conversations in the order to list them */
  setConversations(conversations) {
    this.conversations = conversations;
    if (this.open === null) this.#list();
    else this.#title();
  }

  /** @param {string} key the conversation to show, e.g. `student:<id>` */
  show(key) {
    this.#turnTo(key);
    this.seen();
    this.compose.focus();
  }

  /** The thread came into view: what it holds is read. */
  seen() {
    if (this.open !== null && this.isVisible()) this.log.read(this.open);
    this.#refresh();
  }

  /** After a reconnect: everything that did not arrive goes out again, under its old id. */
  async resend() {
    for (const unsent of [...this.log.unsent]) {
      if (!unsent.problem || TRY_AGAIN.has(unsent.problem.code)) await this.#deliver(unsent);
    }
  }

  #composer() {
    const name = t("Your message");
    const area = el("textarea", { class: "form-control", rows: 1, maxlength: this.maxLength, "aria-label": name, placeholder: t("Write a message"), dir: "auto" });
    area.addEventListener("keydown", (event) => this.#key(event));
    return area;
  }

  #build() {
    this.root.replaceChildren(...(this.open === null ? this.#listView() : this.#threadView()));
    this.#refresh();
  }

  #listView() {
    const search = el("input", { type: "search", class: "form-control form-control-sm", placeholder: t("Find a name"), "aria-label": t("Find a name"), value: this.filter });
    search.addEventListener("input", () => {
      this.filter = search.value;
      this.#list();
    });
    return [el("div", { class: "chat-search" }, search), this.people];
  }

  #threadView() {
    const back = el("button", { type: "button", class: "tool", "aria-label": t("All conversations"), onclick: () => this.#back() }, icon("chevron-left"));
    const form = el("form", { class: "chat-compose" }, this.compose, el("button", { class: "btn btn-primary", "aria-label": t("Send") }, icon("send")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    const head = el("div", { class: "chat-head", hidden: this.conversations.length === 1 }, back, this.heading);
    return [head, this.lines, form];
  }

  /** @param {string | null} key what was being written stays with its conversation */
  #turnTo(key) {
    if (this.open !== null) this.drafts.set(this.open, this.compose.value);
    this.open = key;
    this.compose.value = this.drafts.get(key ?? "") ?? "";
    this.#build();
  }

  #back() {
    this.#turnTo(null);
    this.root.querySelector("input")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const conversation = this.conversations.find(({ key }) => key === this.open);
    const text = this.compose.value.trim();
    if (!conversation || !text) return;
    this.compose.value = "";
    this.#deliver(this.log.hold(conversation.to, text, newClientId()));
  }

  /** @param {Unsent} unsent */
  async #deliver(unsent) {
    unsent.problem = null;
    this.#refresh();
    try {
      this.log.add(await this.send(unsent.to, unsent.text, unsent.clientId), true);
    } catch (problem) {
      unsent.problem = /** @type {any} */ (problem);
    }
    this.#refresh();
  }

  #refresh() {
    this.onUnread(this.log.unreadTotal, this.log.unread);
    if (this.open === null) return this.#list();
    this.#title();
    const { lines } = this;
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
    const shown = [...this.log.messages(this.open).map((m) => this.#line(m)), ...this.log.waiting(this.open).map((u) => this.#waiting(u))];
    reconcile(this.list, shown.length ? shown : [this.nothing]);
    if (atEnd) lines.scrollTop = lines.scrollHeight;
  }

  #title() {
    const conversation = this.conversations.find(({ key }) => key === this.open);
    this.heading.textContent = conversation?.name ?? "";
  }

  #list() {
    const wanted = this.filter.trim().toLocaleLowerCase();
    const found = this.conversations.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
    const unread = (/** @type {Conversation} */ { key }) => (this.log.unread.get(key) ? 1 : 0);
    const sorted = found.toSorted((a, b) => unread(b) - unread(a));
    this.people.replaceChildren(...sorted.map((c) => this.#conversation(c)));
  }

  /** @param {Conversation} conversation */
  #conversation({ key, name }) {
    const last = this.log.messages(key).at(-1)?.text ?? "";
    return conversationLine(name, last, this.log.unread.get(key) ?? 0, () => this.show(key));
  }

  /** @param {Message} message */
  #line(message) {
    // Kept, so that a screen reader's log hears each message once and not the whole thread again.
    const line = this.drawn.get(message.id) ?? messageLine(message, this.log.isMine(message));
    this.drawn.set(message.id, line);
    return line;
  }

  /** @param {Unsent} unsent */
  #waiting(unsent) {
    return waitingLine(unsent, () => this.#deliver(unsent), () => this.#discard(unsent));
  }

  /** @param {Unsent} unsent */
  #discard(unsent) {
    this.log.drop(unsent.clientId);
    this.#refresh();
  }
}

/** @returns {string} an id of our own making, also on plain http where crypto.randomUUID is missing */
function newClientId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
