// One line above what is to be reviewed: which notices there are, and a touch to see them and to come back.

import { find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { noticesOf } from "./alert_filter.js";
import { kindLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Alert} Alert */

export class AlertNotices {
  /**
   * @param {HTMLElement} root
   * @param {(severity: string) => void} choose "notice", or "" for what is to be reviewed
   */
  constructor(root, choose) {
    this.button = find("#alerts-notices", HTMLButtonElement, root);
    this.button.addEventListener("click", () => choose(this.isShown ? "" : "notice"));
    this.isShown = false;
  }

  /**
   * @param {Iterable<Alert>} alerts
   * @param {import("./alert_filter.js").AlertWish} wish
   */
  show(alerts, wish) {
    this.isShown = wish.severity === "notice" && wish.verdict === "new";
    const words = this.isShown ? t("Back to what is to be reviewed") : noticeWords(noticesOf(alerts, wish));
    this.button.hidden = words === "";
    if (this.button.textContent === words) return;
    this.button.replaceChildren(icon(this.isShown ? "arrow-left" : "info-circle"), words);
  }
}

/** @param {[string, number][]} kinds "" where there are none */
export function noticeWords(kinds) {
  if (kinds.length === 0) return "";
  const names = kinds.map(([kind, count]) => (count > 1 ? `${kindLabel(kind)} (${count})` : kindLabel(kind)));
  return t("Notices: %(kinds)s", { kinds: names.join(", ") });
}
