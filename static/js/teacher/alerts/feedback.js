// How often a kind of alert was right in this room, and which kinds are quiet because they were mostly wrong.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { kindLabel } from "../room/labels.js";

/**
 * @typedef {{right: number, wrong: number, quiet: boolean, by?: string | null}} Record_
 * @typedef {Record<string, Record_>} Kinds
 */

/** "This kind was right 7 of 9 times here." @param {Record_ | undefined} record */
export function recordWords(record) {
  const count = (record?.right ?? 0) + (record?.wrong ?? 0);
  if (!record || count === 0) return t("Nobody has judged an alert of this kind here yet.");
  return t("This kind was right %(right)d of %(count)d times here.", { right: record.right, count });
}

/** Why a kind is quiet. @param {Record_} record */
export function quietWords({ by, right, wrong }) {
  if (by === "rule" || !by) return t("Muted because it was mostly a false alarm here: right %(right)d of %(count)d times.", { right, count: right + wrong });
  return t("Muted by %(name)s.", { name: by });
}

/** The line above the list of alerts that names the quiet kinds, each with a way back. */
export class QuietKinds {
  /** @param {HTMLElement} root @param {(kind: string, quiet: boolean) => void} mute */
  constructor(root, mute) {
    this.root = find("#quiet-kinds", HTMLElement, root);
    this.mute = mute;
  }

  /** @param {Kinds} kinds */
  show(kinds) {
    const quiet = Object.entries(kinds).filter(([, record]) => record.quiet);
    this.root.hidden = quiet.length === 0;
    this.root.replaceChildren(...quiet.map(([kind, record]) => this.line(kind, record)));
  }

  /** @param {string} kind @param {Record_} record */
  line(kind, record) {
    const back = () => this.mute(kind, false);
    const name = kindLabel(kind);
    const label = t("Unmute “%(kind)s”", { kind: name });
    return el("li", {}, icon("bell-slash"), el("span", { class: "grow" }, el("strong", {}, name), " · ", el("span", { class: "soft" }, quietWords(record))),
      el("button", { class: "btn btn-sm btn-quiet", type: "button", "aria-label": label, onclick: back }, t("Unmute")));
  }
}
