// The student's chat with the teachers: the shared part, a badge, and what survives a reload.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { titleCount } from "../../shared/notify.js";
import { ChatPart } from "../../shared/chat.js";
import { Announcement } from "./announcement.js";

/** @typedef {import("../../shared/chat_log.js").Message} Message */
/** @typedef {(clientId: string, text: string) => Promise<Message>} Say */

const TO_TEACHERS = { kind: "teachers" };
// Trouble that time mends: the text stays in the memory until the server has it.
const KEEP = new Set(["offline", "no_answer", "too_fast"]);

export class ChatBox {
  /**
   * @param {HTMLElement} panel
   * @param {HTMLButtonElement} toggle opens and closes the panel where the screen is small
   * @param {{self: string, say: Say, memory: import("../exam/memory.js").Memory}} options
   */
  constructor(panel, toggle, { self, say, memory }) {
    this.panel = panel;
    this.toggle = toggle;
    this.memory = memory;
    this.say = say;
    this.isKnown = false;
    this.announcement = new Announcement(find("#announcement", HTMLElement), memory);
    this.part = new ChatPart(find(".chat-root", HTMLElement, panel), {
      self: { kind: "student", id: self },
      send: (_to, text, clientId) => this.#send(clientId, text),
      conversations: [{ key: "teachers", name: t("Your teachers"), to: TO_TEACHERS }],
      onUnread: (total) => this.#unread(total),
      isVisible: () => this.isOpen && !document.hidden,
    });
    toggle.addEventListener("click", () => this.open(!this.isOpen));
    find("[data-close]", HTMLButtonElement, panel).addEventListener("click", () => this.open(false));
    new ResizeObserver(() => this.#toEnd()).observe(find(".chat-root", HTMLElement, panel));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
  }

  get isOpen() {
    return this.panel.getClientRects().length > 0; // a wide screen shows it always
  }

  /** @param {boolean} open */
  open(open) {
    this.panel.classList.toggle("is-open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.panel.querySelector("textarea")?.focus();
    else this.toggle.focus();
    this.part.seen();
  }

  /** The server's history, at the first connection and at each later one. @param {Message[]} messages */
  async welcome(messages) {
    const read = this.isKnown ? -1 : this.memory.lastRead;
    this.part.addAll(messages.filter(({ id }) => id <= read), true);
    this.part.addAll(messages.filter(({ id }) => id > read));
    this.announcement.welcome(messages);
    if (!this.isKnown) this.#recall();
    this.isKnown = true;
    await this.part.resend();
  }

  /** @param {Message} message */
  add(message) {
    this.part.add(message);
    this.announcement.take(message);
  }

  /** A thread that shrank (rules opened, keyboard of a phone) still shows its newest message. */
  #toEnd() {
    const lines = this.panel.querySelector(".chat-log");
    if (lines) lines.scrollTop = lines.scrollHeight;
  }

  #recall() {
    for (const { clientId, text } of this.memory.unsent) {
      const isHeld = this.part.log.unsent.some((unsent) => unsent.clientId === clientId);
      if (!isHeld) this.part.log.hold(TO_TEACHERS, text, clientId);
    }
  }

  /** @param {string} clientId @param {string} text */
  async #send(clientId, text) {
    this.memory.hold(clientId, text);
    try {
      const message = await this.say(clientId, text);
      this.memory.release(clientId);
      return message;
    } catch (problem) {
      if (!KEEP.has(/** @type {{code: string}} */ (problem).code)) this.memory.release(clientId);
      throw problem;
    }
  }

  /** @param {number} total */
  #unread(total) {
    titleCount(total);
    const badge = find(".count", HTMLElement, this.toggle);
    badge.textContent = String(total);
    badge.hidden = total === 0;
    const label = total ? t("Messages, %(count)d unread", { count: total }) : t("Messages");
    this.toggle.setAttribute("aria-label", label);
    // Only what was seen in the open thread counts as read after a reload.
    if (total === 0 && this.isKnown) this.memory.lastRead = this.part.lastId;
  }
}
