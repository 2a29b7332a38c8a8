// The short word about a verdict that was given or taken back; it never says what is no longer so.

import { t } from "../../shared/i18n.js";
import { verdictLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Alert} Alert */

export class VerdictToast {
  /**
   * @param {Pick<import("./toast.js").Toast, "say" | "hide">} toast
   * @param {import("../room/live_room.js").LiveRoom} live
   * @param {(before: Alert) => void} undo takes one verdict back
   */
  constructor(toast, live, undo) {
    this.toast = toast;
    this.live = live;
    this.undo = undo;
    /** @type {Alert | null} what the word that is shown speaks of */
    this.said = null;
    live.addEventListener("alerts", () => this.forgetOld());
  }

  /**
   * @param {Alert} after
   * @param {Alert} before
   */
  given(after, before) {
    if (after.verdict === before.verdict) return this.toast.say(t("Note kept"));
    this.said = after;
    this.toast.say(words(after), { label: t("Undo"), run: () => this.undo(before) });
  }

  /** @param {Alert} alert as it is again */
  takenBack(alert) {
    this.said = alert;
    this.toast.say(words(alert));
  }

  /** A colleague, a key or another button may have changed the verdict meanwhile. */
  forgetOld() {
    if (!this.said || this.live.alerts.get(this.said.id)?.verdict === this.said.verdict) return;
    this.said = null;
    this.toast.hide();
  }
}

/** @param {Alert} alert */
function words({ verdict }) {
  return verdict === "new" ? t("Taken back: to be reviewed") : verdictLabel(verdict);
}
