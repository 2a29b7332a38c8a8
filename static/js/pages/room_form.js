// The room form: another preset fills in its numbers where they are still those of the preset before.

import { find, pageData } from "../lib/dom.js";

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

for (const choice of document.getElementsByName("preset")) {
  choice.addEventListener("change", () => choose(/** @type {HTMLInputElement} */ (choice).value));
}
