// The page of a person's notifications: the browser's own time zone, and a button that has this browser show messages.

import { find, pageData } from "../shared/dom.js";
import { loadCatalogue, t } from "../shared/i18n.js";
import { allowMessages, BROWSER } from "../push/subscription.js";

await loadCatalogue();

const { push, zone_known: isZoneKnown } = pageData();
const allow = find("#push-allow", HTMLButtonElement);
const said = find("#push-said", HTMLElement);
const zone = find("#zone", HTMLSelectElement);

if (!isZoneKnown) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  zone.value = [...zone.options].some((option) => option.value === own) ? own : "UTC";
}

if (BROWSER.able) {
  allow.hidden = false;
} else {
  said.textContent = globalThis.isSecureContext
    ? t("This browser shows no messages of pages that are closed.")
    : t("Browsers show messages of HTTPS pages only; this page came without it.");
}

allow.addEventListener("click", async () => {
  allow.disabled = true;
  said.textContent = "";
  const problem = await allowMessages(push);
  if (!problem) return location.reload(); // it is in the list then
  said.textContent = problem;
  allow.disabled = false;
});
