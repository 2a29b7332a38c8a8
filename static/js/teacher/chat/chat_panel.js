// The teacher's chat: one conversation for each student, one among the teachers, one to everyone.

import { t } from "../../shared/i18n.js";
import { ChatPart } from "../../shared/chat.js";
import { isGone } from "../grid/arrange.js";

/**
 * @typedef {import("../room/types.js").Message} Message
 * @typedef {import("../../shared/chat.js").Conversation} Conversation
 * @typedef {object} Needs
 * @property {{id: string, name: string}} me
 * @property {import("../../shared/connection.js").Connection} connection
 * @property {import("../room/live_room.js").LiveRoom} live
 * @property {import("../grid/frames.js").FrameBatch} batch
 * @property {(total: number, byConversation: ReadonlyMap<string, number>) => void} onUnread
 */

const MOST_PAGES = 8; // of what was missed, which the server gives at once

export class ChatPanel {
  /**
   * @param {HTMLElement} root
   * @param {Needs} needs
   */
  constructor(root, { me, connection, live, batch, onUnread }) {
    this.live = live;
    this.connection = connection;
    this.joined = false;
    this.shown = "";
    this.part = new ChatPart(root, {
      self: { kind: "teacher", id: me.id },
      send: async (to, text, clientId) => (await connection.request("chat", { client_id: clientId, to, text })).message,
      conversations: conversations(live),
      onUnread,
    });
    const draw = () => this.refresh();
    live.addEventListener("participants", () => batch.ask(draw));
  }

  refresh() {
    const list = conversations(this.live);
    const text = JSON.stringify(list);
    if (text === this.shown) return;
    this.shown = text;
    this.part.setConversations(list);
  }

  /**
   * The newest messages; after a reconnect also those that fell between them and what is known.
   * @param {Message[]} messages
   */
  async welcome(messages) {
    const known = this.part.lastId;
    this.part.addAll(messages, !this.joined);
    const first = messages[0]?.id ?? 0;
    if (this.joined && first > known + 1) await this.fetch(known);
    this.joined = true;
    await this.part.resend();
  }

  /** @param {number} after */
  async fetch(after) {
    let page = await this.connection.request("history", { what: "messages", after });
    for (let pages = 1; pages < MOST_PAGES && page.more; pages += 1) {
      this.part.addAll(page.messages);
      page = await this.connection.request("history", { what: "messages", after, before: page.messages[0].id });
    }
    this.part.addAll(page.messages);
  }

  /** @param {string} participant */
  open(participant) {
    this.refresh();
    this.part.show(`student:${participant}`);
  }
}

/**
 * @param {import("../room/live_room.js").LiveRoom} live
 * @returns {Conversation[]}
 */
function conversations(live) {
  const students = [...live.participants.values()].sort((a, b) => Number(isGone(a)) - Number(isGone(b)) || a.name.localeCompare(b.name));
  return [
    { key: "all", name: t("Everyone"), to: { kind: "all" } },
    { key: "teachers", name: t("Teachers only"), to: { kind: "teachers" } },
    ...students.map(({ id, name }) => ({ key: `student:${id}`, name, to: { kind: "student", id } })),
  ];
}
