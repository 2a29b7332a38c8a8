// The states in which nothing more happens here: what happened, and what the student can do.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { endingOf } from "./messages.js";

const OVER_FOR_GOOD = new Set(["ended", "left", "removed", "terminated"]);

/** @param {HTMLElement} root @param {string} step @param {string | null} problem @param {() => void} reload */
export function showEnding(root, step, problem, reload) {
  const ending = endingOf(step, problem);
  if (!ending) return;
  root.replaceChildren(
    icon(ending.icon),
    el("h1", { tabindex: "-1" }, t(ending.title)),
    el("p", {}, t(ending.text)),
    ...(step === "terminated" ? [...document.querySelectorAll("#held-why, #held-note:not([hidden])")].map((why) => el("p", { dir: "auto" }, why.textContent)) : []),
    ...(OVER_FOR_GOOD.has(step) ? [el("p", {}, el("a", { href: "/closed" }, t("What is kept of you, and who looked at it")))] : []),
    ...action(ending, step, reload),
  );
}

/** @param {import("./messages.js").Ending} ending @param {string} step @param {() => void} reload */
function action({ action: kind }, step, reload) {
  if (kind === "join") return [el("a", { class: "btn btn-primary", href: "/" }, t("Join again"))];
  if (kind === "start") return [el("a", { class: "btn btn-quiet", href: "/" }, t("To the start page"))];
  if (kind !== "reload") return [];
  const words = step === "replaced" ? t("Go on in this tab") : t("Load the page again");
  return [el("button", { type: "button", class: "btn btn-primary", onclick: reload }, words)];
}
