// Everything a teacher may do about students, put together: the window, the keys, what waits for a second person, reports.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { isOfRoom } from "../incidents/incidents.js";
import { ActDialog } from "./act_dialog.js";
import { Actions } from "./actions.js";
import { Problems } from "./problems.js";
import { StudentActions } from "./student_actions.js";
import { Terminations } from "./terminations.js";

/**
 * @typedef {object} Page
 * @property {import("../room/live_room.js").LiveRoom} live
 * @property {(event: string, payload: any) => Promise<any>} request
 * @property {import("../alerts/toast.js").Toast} toast
 * @property {import("../incidents/desk.js").Desk} desk
 * @property {import("../large/large_view.js").LargeView} large
 * @property {number} me
 *
 * @typedef {object} Acts
 * @property {(participant: string) => void} message
 * @property {(participant: string) => void} open
 * @property {(open: number) => void} problems how many reports are open
 */

export class ActDesk {
  /** @param {HTMLElement} root @param {Page} page @param {Acts} acts */
  constructor(root, { live, request, toast, desk, large, me }, { message, open, problems }) {
    this.desk = desk;
    this.large = large;
    this.toast = toast;
    this.actions = new Actions(live, request, toast);
    this.dialog = new ActDialog(live, (wish) => this.actions.act(wish));
    new Terminations(root, this.actions, me);
    new StudentActions(root, this.actions, () => large.id);
    this.problems = new Problems(root, live, {
      solve: (problem, solved) => void request("solve", { problem, solved }).catch((error) => toast.problem(error)),
      message,
      open,
      count: problems,
    });
    const on = (/** @type {string} */ selector, /** @type {() => void} */ run) => find(selector, HTMLButtonElement, root).addEventListener("click", run);
    on("#large-act", () => this.act());
    on("#large-flag", () => void this.flag());
    on("#act-several", () => this.dialog.open([]));
    on("#alert-act", () => this.act());
  }

  /** @param {import("../../shared/connection.js").Connection} connection */
  listen(connection) {
    connection
      .on("actions", ({ actions }) => this.actions.take(actions))
      .on("problems", ({ problems }) => this.problems.take(problems))
      .on("withdrawn", ({ alert }) => this.actions.live.withdraw(alert))
      .on("cases", ({ cases }) => this.actions.live.setCases(cases))
      .on("answers", ({ answers }) => this.actions.live.addAnswers(answers));
  }

  /** Whom a key is about: who is shown large, whose tile has the focus, or whom the chosen incident is about. */
  atHand() {
    const { detail, list } = this.desk;
    const incident = detail.dialog.open ? detail.incident() : list.chosen();
    const tile = document.activeElement?.closest(".tile[data-id]");
    if (!detail.dialog.open && this.large.id) return this.large.id;
    if (!detail.dialog.open && tile instanceof HTMLElement) return tile.dataset.id ?? null;
    return incident && !isOfRoom(incident.lead) ? incident.lead.participant : null;
  }

  act() {
    const student = this.atHand();
    if (this.desk.detail.dialog.open) this.desk.detail.dialog.close();
    this.dialog.open(student ? [student] : []);
  }

  /** Flag whoever is at hand at once; the note can be written afterwards, as on every incident. */
  async flag() {
    const student = this.atHand();
    if (!student) return this.toast.say(t("Choose a student first: a tile, the large view or an incident."));
    const action = await this.actions.flag(student);
    if (action) this.desk.list.choose(action.id);
    return undefined;
  }
}
