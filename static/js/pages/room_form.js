// The room form: another preset fills in its numbers where they are still those of the preset before.

import { find, pageData } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/** @typedef {Record<string, Record<string, string | number>>} Preset by kind of alert and name of the field */

/** @type {Record<string, Preset>} */
const presets = pageData().presets ?? {};
const shown = find("#preset_shown", HTMLInputElement);

/** @param {HTMLInputElement | HTMLSelectElement} field @param {string | number} usual */
function isUsual(field, usual) {
  return typeof usual === "number" ? Number(field.value.replace(",", ".")) === usual : field.value === usual;
}

/** @param {string} name */
function choose(name) {
  const [before, after] = [presets[shown.value], presets[name]];
  for (const [kind, rule] of Object.entries(after ?? {})) {
    for (const [part, value] of Object.entries(rule)) {
      const field = document.getElementsByName(`${kind}.${part}`)[0];
      const isField = field instanceof HTMLInputElement || field instanceof HTMLSelectElement;
      if (isField && isUsual(field, before[kind][part])) field.value = String(value);
    }
  }
  shown.value = name;
}

/** Fill the circle's middle with the place of this browser. */
function takePlace() {
  const note = find("#place-here-note", HTMLElement);
  note.textContent = t("One moment …");
  const write = (/** @type {string} */ name, /** @type {number} */ value, digits = 6) => {
    find(`#place_${name}`, HTMLInputElement).value = value.toFixed(digits);
  };
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      write("latitude", coords.latitude);
      write("longitude", coords.longitude);
      note.textContent = t("Known to within %(metres)s m.", { metres: Math.round(coords.accuracy) });
    },
    () => (note.textContent = t("This browser does not tell where it is: please type the numbers.")),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

const here = find("#place-here", HTMLButtonElement);
here.hidden = !("geolocation" in navigator);
here.addEventListener("click", takePlace);

// The list of rooms leads to what is folded away.
const share = location.hash === "#share" && document.querySelector("#share");
if (share instanceof HTMLDetailsElement) share.open = true;

for (const choice of document.getElementsByName("preset")) {
  choice.addEventListener("change", () => choose(/** @type {HTMLInputElement} */ (choice).value));
}
