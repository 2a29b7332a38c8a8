// The report of a room: its PDF is made in the background, with a bar that shows how far it is.

import { followPaper, orderPaper } from "../report/paper_order.js";
import { find, pageData } from "../shared/dom.js";
import { loadCatalogue, t } from "../shared/i18n.js";

await loadCatalogue();

const place = pageData().paper;
const note = find("#paper", HTMLElement);
const said = find("#paper-said", HTMLElement);
const bar = find("#paper-progress", HTMLProgressElement);
const done = find("#paper-done", HTMLAnchorElement);
const state = { busy: false };

const link = find("#paper-link", HTMLAnchorElement);
link.addEventListener("click", (event) => {
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  if (!state.busy) void make();
});
followPaper(place, show).then((ended) => ended && finish(ended));

async function make() {
  state.busy = true;
  done.hidden = true;
  show({ state: "waiting", percent: 0 });
  const ended = await orderPaper(place, show);
  state.busy = false;
  finish(ended);
  if (ended.link) location.href = ended.link; // a download: the page stays
}

/** @param {import("../report/paper_order.js").Progress} told */
function show(told) {
  const text = t("The report is being made. You can leave this page meanwhile.");
  note.hidden = false;
  if (said.textContent !== text) said.textContent = text; // a screen reader says it once
  bar.hidden = false;
  bar.value = told.percent ?? 0;
}

/** @param {import("../report/paper_order.js").Progress} ended */
function finish(ended) {
  bar.hidden = true;
  note.hidden = ended.state === "direct";
  said.textContent = ended.state === "done" ? t("The report is ready.") : ended.text || t("The report could not be made. Please try again.");
  done.hidden = ended.state !== "done";
  if (ended.link) done.href = ended.link;
}
