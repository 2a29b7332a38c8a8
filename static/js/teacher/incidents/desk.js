// The teacher's desk: the lists of incidents, the open one, verdicts, claims and what lies unclaimed, put together.

import { t } from "../../shared/i18n.js";
import { Alike } from "../decisions/alike.js";
import { Seen } from "../decisions/seen.js";
import { verdictLabel } from "../room/labels.js";
import { VerdictToast } from "./verdict_toast.js";
import { AlertDetail } from "./alert_detail.js";
import { Claims } from "./claims.js";
import { Hands } from "./hands.js";
import { IncidentList } from "./incident_list.js";
import { Overdue } from "./overdue.js";
import { Player } from "../player/player.js";
import { Reviews } from "./reviews.js";

/**
 * @typedef {object} Page what the desk stands on
 * @property {import("../room/live_room.js").LiveRoom} live
 * @property {import("../grid/frames.js").FrameBatch} batch
 * @property {import("../alerts/toast.js").Toast} toast
 * @property {(event: string, payload: any) => Promise<any>} request
 * @property {Record<string, number>} weights of the kinds
 * @property {number} me the id of this page's teacher
 *
 * @typedef {object} Acts
 * @property {(participant: string) => void} student opens the large view
 * @property {(kind: string, quiet: boolean) => void} mute
 * @property {(participant: string) => void} message
 * @property {(waiting: number) => void} hands how many raised hands nobody has answered
 * @property {() => boolean} sounds whether the teacher wants to hear
 */

export class Desk {
  /** @param {HTMLElement} root @param {Page} page @param {Acts} acts */
  constructor(root, { live, batch, toast, request, weights, me }, { student, mute, message, hands, sounds }) {
    this.live = live;
    this.toast = toast;
    this.request = request;
    const verdicts = new VerdictToast(toast, live, (before) => void this.reviews.undo(before));
    this.reviews = new Reviews(
      request,
      live,
      (after, before, isJudged) => verdicts.given(after, before, isJudged),
      (problem) => toast.problem(problem),
      (incident) => verdicts.takenBack(incident),
    );
    this.claims = new Claims(me, live, request, toast);
    this.seen = new Seen((incidents, until) => request("saw", { incidents, until }));
    this.alike = new Alike(root, this.seen, (ids, verdict) => this.#giveAlike(ids, verdict), () => batch.ask(this.list.draw));
    this.list = new IncidentList(root, live, batch, weights, this.claims, {
      open: (id) => this.detail.open(id),
      claim: (id) => void this.claims.toggle(id),
      review: (id, verdict) => void this.reviews.give(id, verdict),
      play: (id) => this.player.openIncident(live.incident(id)),
      older: (before) => this.#older(before),
      choose: (id) => this.alike.toggle(id),
      placed: (shown, cardOf) => this.#placed(shown, cardOf),
      isChosen: (incident) => (this.alike.canChoose(incident) ? this.alike.chosen.has(incident.id) : null),
    });
    this.detail = new AlertDetail(live, {
      review: (id, verdict, note) => void this.reviews.give(id, verdict, note),
      beside: (id, step) => this.list.beside(id, step),
      shown: (incident) => {
        void this.claims.opened(incident);
        this.seen.saw(incident);
      },
      student,
      mute,
      play: (alert) => void this.player.open(alert),
    });
    this.player = new Player();
    for (const { dialog } of [this.player, this.detail]) dialog.addEventListener("close", () => this.#keepFocus());
    this.hands = new Hands(root, live, batch, {
      answer: (participant, answer) => void request("hand", { participant, answer }).catch((problem) => toast.problem(problem)),
      message,
      open: student,
      count: hands,
    });
    new Overdue(() => this.list.overdue(), { isOn: sounds, draw: () => batch.ask(this.list.draw) }).begin();
  }

  /** @param {readonly import("./incidents.js").Incident[]} shown @param {(id: string) => Element} cardOf */
  #placed(shown, cardOf) {
    this.seen.placed(shown, cardOf);
    this.alike.placed(shown);
  }

  /** @param {string[]} ids @param {string} verdict */
  async #giveAlike(ids, verdict) {
    const before = ids.map((id) => this.live.incident(id)).filter((one) => one !== null);
    const isDone = await this.reviews.giveAlike(ids, verdict);
    const undo = async () => {
      for (const one of this.reviews.done.filter(({ id }) => before.some((incident) => incident.id === id))) await this.reviews.undo(one);
    };
    if (isDone) this.toast.say(t("%(verdict)s (%(count)d incidents)", { verdict: verdictLabel(verdict), count: ids.length }), { label: t("Undo"), run: () => void undo() });
    return isDone;
  }

  /** The card from which a window was opened may have been drawn anew: the focus goes back to it all the same. */
  #keepFocus() {
    const at = document.activeElement; // the browser leaves it in the closed window until it draws again
    const isLost = at === document.body || Boolean(at?.closest("dialog:not([open])"));
    if (isLost && !document.querySelector("dialog[open]")) this.list.focus();
  }

  /** @param {number} before */
  async #older(before) {
    try {
      const { alerts } = await this.request("history", { what: "alerts", before });
      this.live.addAlerts(alerts);
      return alerts;
    } catch (problem) {
      this.toast.problem(problem);
      return null;
    }
  }
}
