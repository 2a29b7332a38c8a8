// What teachers did about students: sent, kept up to date, and undone for some seconds.

import { t } from "../../shared/i18n.js";
import { doneLabel } from "./words.js";

/**
 * @typedef {import("../room/types.js").Action} Action
 * @typedef {{verb: string, participants: string[], reason?: string, note?: string, minutes?: number}} Wish
 */

export class Actions extends EventTarget {
  /**
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(event: string, payload: any) => Promise<any>} request
   * @param {Pick<import("../alerts/toast.js").Toast, "say" | "problem">} toast
   */
  constructor(live, request, toast) {
    super();
    this.live = live;
    this.request = request;
    this.toast = toast;
    /** @type {Map<string, Action>} */
    this.known = new Map();
  }

  /** @param {Action[]} actions new or changed */
  take(actions) {
    for (const action of actions) this.known.set(action.id, action);
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** The newest first. @param {string} participant */
  of(participant) {
    return [...this.known.values()].filter((one) => one.participant === participant).sort((a, b) => b.at - a.at);
  }

  /** Ends that wait for a second person, the oldest first. */
  waiting() {
    const open = [...this.known.values()].filter(({ verb, undone, confirmed, refused }) => verb === "terminate" && !undone && !confirmed && !refused);
    return open.filter(({ participant }) => this.live.participants.has(participant)).sort((a, b) => a.at - b.at);
  }

  /** @param {Wish} wish @returns {Promise<Action[]>} rejects with a Problem */
  async act(wish) {
    if (wish.verb === "message") return this.write(wish);
    const { actions } = await this.request("act", { ...wish, client_id: crypto.randomUUID() });
    this.take(actions);
    this.say(actions);
    return actions;
  }

  /** Flag one student at once, by key. @param {string} participant @returns {Promise<Action | null>} null where that failed */
  async flag(participant) {
    try {
      return (await this.act({ verb: "flag", participants: [participant] }))[0] ?? null;
    } catch (problem) {
      this.toast.problem(problem);
      return null;
    }
  }

  /** @param {Wish} wish @returns {Promise<Action[]>} */
  async write({ participants, note: text }) {
    for (const id of participants) {
      await this.request("chat", { client_id: crypto.randomUUID(), to: { kind: "student", id }, text });
    }
    this.toast.say(participants.length > 1 ? t("Sent to %(count)d students", { count: participants.length }) : t("Sent"));
    return []; // messages are kept with the messages
  }

  /** @param {Action[]} actions done just now */
  say(actions) {
    if (actions.length === 0) return;
    const names = actions.map(({ participant }) => this.live.participants.get(participant)?.name ?? "?");
    const who = names.length > 2 ? t("%(count)d students", { count: names.length }) : names.join(", ");
    this.toast.say(t("%(what)s: %(who)s", { what: doneLabel(actions[0]), who }), { label: t("Undo"), run: () => void this.undo(actions) });
  }

  /** @param {Action[]} actions */
  async undo(actions) {
    try {
      for (const { id } of actions) this.take((await this.request("undo", { action: id })).actions);
      this.toast.say(t("Undone"));
    } catch (problem) {
      this.toast.problem(problem);
    }
  }

  /** @param {string} action @param {boolean} agrees */
  async decide(action, agrees) {
    try {
      this.take((await this.request("decide", { action, agrees })).actions);
    } catch (problem) {
      this.toast.problem(problem);
    }
  }
}
