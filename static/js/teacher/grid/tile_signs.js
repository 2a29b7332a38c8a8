// The small signs of a tile, each with a reason: attention that wanders, an identity in doubt, a raised hand.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { attentionLabel, identityLabel, identitySign } from "../large/score_labels.js";

/**
 * @typedef {import("../room/types.js").Participant} Participant
 * @typedef {import("../large/score_log.js").Score} Score
 */

export class TileSigns {
  constructor() {
    this.bar = el("span", { class: "attention-bar" }, el("span", {}));
    this.words = el("span", { class: "attention-words" });
    this.attention = el("span", { class: "tile-attention", hidden: true }, this.bar, this.words);
    this.identity = el("span", { class: "tile-sign" });
    this.hand = el("span", { class: "tile-sign is-hand" });
  }

  /**
   * What is shown, as text: where it stays the same there is nothing to do.
   * @param {Participant} participant @param {Score} score @param {string} state
   */
  key({ identity, hand }, { score, label }, state) {
    return `${handSign(hand)}|${identity}|${isTelling({ score, label }, state) ? `${score}|${label}` : ""}`;
  }

  /** @param {Participant} participant @param {Score} score @param {string} state */
  show({ identity = "unknown", hand }, { score, label }, state) {
    this.attention.hidden = !isTelling({ score, label }, state);
    if (!this.attention.hidden) {
      this.attention.title = t("Attention %(score)d of 100: %(label)s", { score, label: attentionLabel(label) });
      this.bar.style.setProperty("--score", `${score}%`);
      this.words.textContent = `${score} ${attentionLabel(label)}`;
    }
    const sign = identitySign(identity);
    this.identity.dataset.identity = identity;
    this.identity.title = t("Identity: %(state)s", { state: identityLabel(identity) });
    this.identity.replaceChildren(...(sign ? [icon(sign)] : []));
    this.hand.title = handWords(hand);
    this.hand.replaceChildren(...(handSign(hand) ? [icon(handSign(hand))] : []));
  }

  /** @param {Participant} participant @param {Score} score @returns {string[]} */
  spoken({ identity = "unknown", adjusted = false, hand }, { label }) {
    const parts = handSign(hand) ? [handWords(hand)] : [];
    if (label !== null && label !== "focused") parts.push(attentionLabel(label));
    if (identity === "mismatch" || identity === "unsure") parts.push(t("Identity: %(state)s", { state: identityLabel(identity) }));
    if (adjusted) parts.push(t("Adjusted"));
    return parts;
  }
}

/**
 * Whether a tile says something of attention: only where it is worth a look, and there is a face to look at. Who works
 * calmly has a calm tile; the large view has everybody's number.
 * @param {Pick<Score, "score" | "label">} known @param {string} state of the tile
 */
export function isTelling({ score, label }, state) {
  return score !== null && label !== "focused" && state === "live";
}

/** @param {Participant["hand"]} hand */
function handSign(hand) {
  if (hand?.break_since != null) return "cup-hot-fill";
  return hand?.reason != null ? "hand-index-thumb-fill" : "";
}

/** @param {Participant["hand"]} hand */
function handWords(hand) {
  if (hand?.break_since != null) return t("On a break");
  return hand?.reason != null ? t("Hand raised") : "";
}
