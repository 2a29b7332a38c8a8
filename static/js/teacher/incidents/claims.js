// Looking after an incident: said with a key, a button or by opening it, and told to the other teachers.

import { t } from "../../shared/i18n.js";
import { concernOf, isOverdue } from "./shares.js";

/**
 * @typedef {import("../room/types.js").Claim} Claim
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {{incident: string, on: boolean, take_over?: boolean}} Wish
 */

export class Claims {
  /**
   * @param {number} me the id of this page's teacher
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(event: "claim", wish: Wish) => Promise<{claims: Claim[]}>} request
   * @param {{say: (text: string) => void, problem: (problem: unknown) => void}} toast
   */
  constructor(me, live, request, toast) {
    this.me = me;
    this.live = live;
    this.request = request;
    this.toast = toast;
    /** The incident of another teacher that was asked for once: the second time means it. @type {string | null} */
    this.asked = null;
  }

  /** @param {Incident} incident */
  concern(incident) {
    const { live, me } = this;
    return concernOf(incident, { claim: this.of(incident.id), teachers: live.teachers, me, now: live.now() });
  }

  /** @param {Incident} incident */
  isOverdue(incident) {
    return isOverdue(incident, this.of(incident.id), this.live.now());
  }

  /** @param {string} incident */
  of(incident) {
    return this.live.claims.get(incident) ?? null;
  }

  /** Whether anybody else is there to tell. */
  get areUseful() {
    return this.live.claims.size > 0 || this.live.teachers.filter(({ online }) => online).length > 1;
  }

  /** Look after an incident, or give it back; take over another teacher's when it is done twice. @param {string} incident */
  toggle(incident) {
    const claim = this.of(incident);
    if (claim?.person === this.me) return this.send({ incident, on: false });
    if (claim && this.asked !== incident) {
      this.asked = incident;
      this.toast.say(t("%(name)s looks after this incident. Do the same again to take it over.", { name: claim.name }));
      return undefined;
    }
    this.asked = null;
    return this.send({ incident, on: true, ...(claim ? { take_over: true } : {}) });
  }

  /** Whoever opens an incident that waits looks after it, unless somebody does. @param {Incident} incident */
  opened(incident) {
    if (!incident.isOpen || !this.areUseful || this.of(incident.id)) return undefined;
    return this.send({ incident: incident.id, on: true }, () => {}); // another was faster: that is no problem of ours
  }

  /** @param {Wish} wish @param {(problem: unknown) => void} [onProblem] */
  async send(wish, onProblem = (problem) => this.toast.problem(problem)) {
    try {
      this.live.setClaims((await this.request("claim", wish)).claims);
    } catch (problem) {
      onProblem(problem);
    }
  }
}
