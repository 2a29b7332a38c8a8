// In the large view: which settings of the rules apply to this student, and where they come from.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { kindLabel, severityLabel } from "../room/labels.js";

/**
 * @typedef {{kind: string, enabled: boolean, hold: number, severity: string, hint: boolean, from: Record<string, string>}} AppliedRule
 * @typedef {{preset: string, hidden: boolean, rules: AppliedRule[]}} Applied
 */

export class LargeRules {
  /**
   * @param {HTMLElement} root
   * @param {(participant: string) => Promise<Applied>} ask
   */
  constructor(root, ask) {
    this.ask = ask;
    this.part = find("#large-rules-part", HTMLDetailsElement, root);
    this.hidden = find("#large-rules-hidden", HTMLElement, root);
    this.lines = find("#large-rules", HTMLElement, root);
    this.id = "";
    this.adjusted = false;
    this.part.addEventListener("toggle", () => void this.again());
  }

  /** @param {import("../room/types.js").Participant} participant */
  show({ id, adjusted = false }) {
    if (id === this.id && adjusted === this.adjusted) return;
    if (id !== this.id) this.lines.replaceChildren();
    this.id = id;
    this.adjusted = adjusted;
    void this.again();
  }

  /** Ask anew: another student, or something changed. Nobody is asked while the table is closed. */
  async again() {
    const id = this.id;
    if (!this.part.open || !id) return;
    const applied = await this.ask(id).catch(() => null);
    if (id !== this.id) return;
    this.hidden.hidden = !applied?.hidden;
    this.lines.replaceChildren(...(applied ? applied.rules.map((rule) => line(rule, applied.preset)) : []));
  }
}

/** @param {AppliedRule} rule @param {string} preset */
function line(rule, preset) {
  const { kind, enabled, hold, severity } = rule;
  return el("tr", { "data-off": enabled ? null : "yes" },
    el("th", { scope: "row" }, kindLabel(kind), el("span", { class: "rule-from" }, sourceWords(rule.from, preset).join(" · "))),
    el("td", {}, enabled ? t("Yes") : t("No")),
    el("td", {}, t("%(seconds)s s", { seconds: hold })),
    el("td", {}, severityLabel(severity)));
}

/**
 * Where the settings of a rule come from: one entry for each layer that gave any, with what it gave.
 * @param {Record<string, string>} from layer by setting
 * @param {string} preset
 */
export function sourceWords(from, preset) {
  /** @type {Map<string, Set<string>>} */
  const settings = new Map();
  for (const [setting, layer] of Object.entries(from)) settings.set(layer, (settings.get(layer) ?? new Set()).add(settingLabel(setting)));
  const words = [...settings].map(([layer, names]) => t("%(source)s: %(settings)s", { source: sourceLabel(layer, preset), settings: [...names].join(", ") }));
  return words.length > 0 ? words : [t("Usual settings")];
}

/** @param {string} layer @param {string} preset */
export function sourceLabel(layer, preset) {
  switch (layer) {
    case "preset": return presetLabel(preset);
    case "room": return t("This room");
    case "break": return t("On a break");
    case "held": return t("Paused or locked by a teacher");
    case "muted": return t("Muted in this room");
    default: return t("Adjusted for this student");
  }
}

/** @param {string} preset */
function presetLabel(preset) {
  return preset === "strict" ? t("Preset strict") : t("Preset relaxed");
}

/** @param {string} setting */
export function settingLabel(setting) {
  switch (setting) {
    case "enabled": return t("on or off");
    case "hold": return t("duration");
    case "severity": return t("severity");
    case "hint": return t("hint to the student");
    case "cooldown": return t("rest");
    case "confirm": case "window": return t("checks that must agree");
    case "release": return t("end");
    case "strictness": return t("limits");
    default: return t("what counts");
  }
}
