// The bar at the top: code, state of the room and what to do with it, who is here, how the connection is.

import { el, find, icon } from "../../shared/dom.js";
import { clockTime, t } from "../../shared/i18n.js";
import { isGone } from "../grid/arrange.js";
import { ask } from "./confirm.js";
import { roomStateLabel } from "./labels.js";

/** @typedef {import("../../shared/connection.js").State} State */

const ROOM_SIGNS = new Map([["running", "record-circle"], ["paused", "pause-circle"], ["ended", "check2-circle"]]);

export class TopBar {
  /**
   * @param {HTMLElement} root
   * @param {import("./live_room.js").LiveRoom} live
   * @param {import("../grid/frames.js").FrameBatch} batch
   * @param {(state: string) => void} move asks the server for another state of the room
   */
  constructor(root, live, batch, move) {
    this.live = live;
    this.move = move;
    this.code = find(".live-code", HTMLButtonElement, root);
    this.state = find("#room-state", HTMLElement, root);
    this.time = find("#room-time", HTMLElement, root);
    this.start = find("#room-start", HTMLButtonElement, root);
    this.pause = find("#room-pause", HTMLButtonElement, root);
    this.end = find("#room-end", HTMLButtonElement, root);
    this.report = find("#room-report", HTMLAnchorElement, root);
    this.students = find("#count-students", HTMLElement, root);
    this.teachers = find("#count-teachers", HTMLElement, root);
    this.connection = find("#connection", HTMLElement, root);
    this.pace = find("#server-pace", HTMLElement, root);
    this.start.addEventListener("click", () => void this.askToStart());
    this.pause.addEventListener("click", () => move("paused"));
    this.end.addEventListener("click", () => this.askToEnd());
    const draw = () => this.show();
    for (const what of ["room", "participants", "teachers"]) live.addEventListener(what, () => batch.ask(draw));
    setInterval(() => batch.ask(() => this.showTime()), 10_000);
    this.show();
  }

  /** For how long the exam has run. */
  showTime() {
    const { state, started_at, ended_at } = this.live.room;
    this.time.hidden = started_at === null || state === "ended";
    if (started_at === null) return;
    const minutes = Math.max(0, Math.floor(((ended_at ?? this.live.now()) - started_at) / 60_000));
    this.time.textContent = t("%(minutes)d min", { minutes });
    this.time.title = t("Since the start at %(time)s", { time: clockTime(started_at) });
    this.time.setAttribute("aria-label", `${this.time.textContent}, ${this.time.title}`);
  }

  show() {
    const { state } = this.live.room;
    this.state.className = `state state-${state}`;
    this.state.replaceChildren(icon(ROOM_SIGNS.get(state) ?? "door-open"), ` ${roomStateLabel(state)}`);
    this.start.hidden = state === "running" || state === "ended";
    find("span", HTMLElement, this.start).textContent = state === "paused" ? t("Go on") : t("Start");
    this.pause.hidden = state !== "running";
    this.end.hidden = this.code.hidden = state === "ended";
    this.report.hidden = state !== "ended";
    this.showTime();
    this.showPeople();
  }

  showPeople() {
    const here = [...this.live.participants.values()].filter((one) => !isGone(one));
    const online = here.filter((one) => one.online).length;
    this.students.replaceChildren(icon("people"), ` ${online}/${here.length}`);
    this.students.title = t("%(online)s of %(all)s students online", { online, all: here.length });
    const names = this.live.teachers.filter((one) => one.online).map((one) => one.name);
    this.teachers.replaceChildren(icon("person-workspace"), ` ${names.length}`);
    this.teachers.title = t("Teachers online: %(names)s", { names: names.join(", ") });
    for (const count of [this.students, this.teachers]) count.setAttribute("aria-label", count.title);
  }

  /** Starts at once, unless students wait who would not see the exam. */
  async askToStart() {
    const [waiting, here] = ["waiting", "admitted"].map((state) => [...this.live.participants.values()].filter((one) => one.state === state).length);
    if (this.live.room.state !== "open" || waiting === 0) return this.move("running");
    const yes = await ask({
      title: here === 0 ? t("Start while everybody is still waiting?") : t("Start while students are still waiting?"),
      text: t("Waiting: %(waiting)s. Let in: %(here)s. Students who wait see the exam only once you have let them in, and lose that time.", { waiting, here }),
      action: t("Start all the same"),
    });
    if (yes) this.move("running");
  }

  async askToEnd() {
    const here = [...this.live.participants.values()].filter((one) => one.online && !isGone(one));
    const more = here.filter(({ standing }) => standing?.minutes).map(({ name, standing }) => t("%(name)s has %(minutes)d minutes more than the others.", { name, minutes: standing?.minutes ?? 0 }));
    const yes = await ask({
      title: t("End this exam?"),
      text: [...more, t("Students online: %(count)s. Everybody is sent out at once, the code stops working, and the room cannot be opened again.", { count: here.length })].join(" "),
      action: t("End the exam"),
    });
    if (yes) this.move("ended");
  }

  /** Looks that come more seldom than they should, in words. @param {import("./types.js").Notice[]} slow the gravest first */
  setPace(slow) {
    const lines = slow.map(({ text, numbers }) => t(text, numbers));
    this.pace.hidden = lines.length === 0;
    this.pace.title = lines.join("\n");
    this.pace.replaceChildren(icon("speedometer2"), el("span", { class: "live-pace-words" }, lines[0] ?? ""));
  }

  /** @param {State} state */
  setConnection(state) {
    const [sign, label] = connectionWords(state);
    this.connection.dataset.state = state;
    this.connection.replaceChildren(icon(sign), el("span", { class: "wide-only" }, label));
    this.connection.title = label;
    const isOff = state !== "connected";
    for (const button of [this.start, this.pause, this.end]) button.disabled = isOff;
  }
}

/**
 * @param {State} state
 * @returns {[string, string]}
 */
export function connectionWords(state) {
  switch (state) {
    case "connected": return ["wifi", t("Connected")];
    case "connecting": return ["three-dots", t("Connecting")];
    case "reconnecting": return ["arrow-repeat", t("Reconnecting")];
    default: return ["wifi-off", t("Not connected")];
  }
}
