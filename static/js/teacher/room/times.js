// Durations in words.

import { t } from "../../shared/i18n.js";

/** @param {number} ms a duration */
export function ago(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return t("%(seconds)s s ago", { seconds });
  return t("%(minutes)s min ago", { minutes: Math.round(seconds / 60) });
}

/** @param {number} ms a duration */
export function lasting(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return t("%(seconds)s s", { seconds });
  return t("%(minutes)s min", { minutes: Math.round(seconds / 60) });
}
