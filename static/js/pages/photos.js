// The page of reference photos: choose files, see whose each is, send them, and read what became of each.

import { el, find, icon, pageData } from "../shared/dom.js";
import { loadCatalogue, t } from "../shared/i18n.js";
import { announce } from "../shared/notify.js";
import { nameOfFile, sendPhoto } from "../shared/photo_sender.js";

/**
 * @typedef {object} Row
 * @property {File} file
 * @property {HTMLElement} element
 * @property {HTMLInputElement} name
 * @property {HTMLElement} said
 * @property {string} state waiting, busy, kept or refused
 */

await loadCatalogue();

const { photos: place } = pageData();
const files = find("#photo-files", HTMLInputElement);
const list = find("#photo-rows", HTMLElement);
const actions = find("#photo-actions", HTMLElement);
const send = find("#photo-send", HTMLButtonElement);
const done = find("#photo-done", HTMLElement);
/** @type {Row[]} */
let rows = [];

files.addEventListener("change", () => {
  add([...(files.files ?? [])]);
  files.value = ""; // the same file can be chosen again
});
send.addEventListener("click", () => void sendAll());

/** @param {File[]} chosen */
function add(chosen) {
  const made = chosen.map((file) => row(file));
  rows.push(...made);
  list.append(...made.map((one) => one.element));
  refresh();
  made[0]?.name.focus();
}

/** @param {File} file @returns {Row} */
function row(file) {
  const address = URL.createObjectURL(file);
  const picture = el("img", { src: address, alt: "", width: 56, height: 56, onload: () => URL.revokeObjectURL(address), onerror: () => picture.classList.add("is-broken") });
  const name = el("input", { class: "form-control form-control-sm", list: "photo-names", maxlength: 60, dir: "auto", autocomplete: "off", "aria-label": t("Student's name for %(file)s", { file: file.name }) });
  name.value = nameOfFile(file.name);
  const said = el("p", { class: "photo-said small", role: "status" });
  const drop = el("button", { class: "tool", type: "button", "aria-label": t("Leave %(file)s out", { file: file.name }) }, icon("x-lg"));
  const element = el("li", { class: "photo-row", dataset: { state: "waiting" } }, picture,
    el("div", { class: "grow" }, el("span", { class: "soft small photo-file", dir: "auto" }, file.name), name, said), drop);
  const made = { file, element, name, said, state: "waiting" };
  drop.addEventListener("click", () => remove(made));
  name.addEventListener("input", () => made.state === "refused" && say(made, "waiting", ""));
  return made;
}

/** @param {Row} gone */
function remove(gone) {
  rows = rows.filter((one) => one !== gone);
  gone.element.remove();
  refresh();
}

async function sendAll() {
  const wanted = rows.filter((one) => one.state !== "kept" && one.state !== "busy");
  let kept = 0;
  for (const one of wanted) say(one, "busy", t("Waiting for its turn…"));
  for (const one of wanted) {
    if (!rows.includes(one)) continue;
    say(one, "busy", t("Being checked…"));
    const outcome = await sendPhoto(one.file, { name: one.name.value }, place);
    kept += outcome.state === "kept" ? 1 : 0;
    if (outcome.state === "kept") say(one, "kept", outcome.present ? t("Kept. This student is compared with it from now on.") : t("Kept until a student of this name joins."));
    else say(one, "refused", outcome.text);
  }
  if (kept > 0 && rows.every((one) => one.state === "kept")) return location.reload(); // they are in the list then
  find("#photos-kept", HTMLElement).hidden = kept > 0; // the list is older than what was just kept
  done.hidden = false;
  done.textContent = t("%(kept)s of %(all)s photos were kept.", { kept, all: wanted.length });
  announce(done.textContent);
}

/** @param {Row} one @param {string} state @param {string} text */
function say(one, state, text) {
  one.state = one.element.dataset.state = state;
  one.name.disabled = state === "busy" || state === "kept";
  const sign = new Map([["kept", "check-circle"], ["refused", "exclamation-triangle"], ["busy", "hourglass-split"]]).get(state);
  one.said.replaceChildren(...(sign && text ? [icon(sign), ` ${text}`] : [text]));
  refresh();
}

function refresh() {
  actions.hidden = rows.length === 0;
  send.disabled = rows.some((one) => one.state === "busy") || rows.every((one) => one.state === "kept");
}
