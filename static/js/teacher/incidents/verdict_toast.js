// The short word about a verdict that was given or taken back; it never says what is no longer so.

import { t } from "../../shared/i18n.js";
import { caseWords } from "../decisions/cases.js";
import { verdictLabel } from "../room/labels.js";

/** @typedef {import("./incidents.js").Incident} Incident */

export class VerdictToast {
  /**
   * @param {Pick<import("../alerts/toast.js").Toast, "say" | "hide">} toast
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(before: Incident) => void} undo takes one verdict back
   */
  constructor(toast, live, undo) {
    this.toast = toast;
    this.live = live;
    this.undo = undo;
    /** @type {Incident | null} what the word that is shown speaks of */
    this.said = null;
    live.addEventListener("alerts", () => this.forgetOld());
  }

  /**
   * @param {Incident} after
   * @param {Incident} before
   * @param {boolean} isJudged
   */
  given(after, before, isJudged) {
    const isSame = verdictsOf(after) === verdictsOf(before);
    if (isSame && !isJudged) return this.toast.say(t("Note kept"));
    this.said = after;
    // Where two people decide, the first decision is none of the alerts' yet.
    const said = isSame ? caseWords(this.live.caseOf(after)) || t("Your decision is kept.") : words(after);
    this.toast.say(said, { label: t("Undo"), run: () => this.undo(before) });
  }

  /** @param {Incident} incident as it is again */
  takenBack(incident) {
    this.said = incident;
    this.toast.say(words(incident));
  }

  /** A colleague, a key or another button may have changed the verdict meanwhile. */
  forgetOld() {
    if (!this.said || this.said.alerts.every(({ id, verdict }) => this.live.alerts.get(id)?.verdict === verdict)) return;
    this.said = null;
    this.toast.hide();
  }
}

/** @param {Incident} incident */
function verdictsOf({ alerts }) {
  return alerts.map(({ id, verdict }) => `${id} ${verdict}`).join();
}

/** @param {Incident} incident */
function words({ verdict, alerts }) {
  const said = verdict === "new" ? t("Taken back: to be reviewed") : verdictLabel(verdict);
  return alerts.length > 1 ? t("%(verdict)s (%(count)d alerts)", { verdict: said, count: alerts.length }) : said;
}
