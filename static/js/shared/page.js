// What every page does: menus close like menus, dangerous buttons ask first, links can be copied.

import { announce } from "./notify.js";
import { clockLocale, loadCatalogue, t } from "./i18n.js";

const ready = loadCatalogue();

/** @param {Element | null} keep the menu that stays open */
function closeMenus(keep) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== keep) menu.removeAttribute("open");
  }
}

/** @param {HTMLElement} button with the text in data-copy */
async function copy(button) {
  const text = button.dataset.copy ?? "";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = button.parentElement?.querySelector("input");
    field?.select(); // no clipboard on plain http: leave it selected for Ctrl+C
    return;
  }
  await ready;
  button.classList.add("is-copied");
  announce(t("Copied"));
  setTimeout(() => button.classList.remove("is-copied"), 1500);
}

/** @type {Map<string, Intl.DateTimeFormatOptions>} what a moment shows of itself, where that is not day and minute */
const SHOWN = new Map([["date", { dateStyle: "medium" }], ["clock", { timeStyle: "medium" }]]);

// The server knows moments in UTC; only the browser knows the person's clock.
for (const moment of document.querySelectorAll("time[data-moment]")) {
  const at = new Date(moment.getAttribute("datetime") ?? "");
  const kind = moment.getAttribute("data-moment") ?? "";
  moment.textContent = at.toLocaleString(clockLocale(), SHOWN.get(kind) ?? { dateStyle: "medium", timeStyle: "short" });
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target?.closest("details.menu") ?? null);
  const button = target?.closest("[data-copy]");
  if (button instanceof HTMLElement) copy(button);
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !open) return;
  closeMenus(null);
  open.querySelector("summary")?.focus();
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
