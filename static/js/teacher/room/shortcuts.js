// What the keys of the teacher's page do.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { KeyPresses } from "./key_presses.js";

/**
 * @typedef {object} Parts
 * @property {import("../incidents/desk.js").Desk} desk
 * @property {import("../large/large_view.js").LargeView} large
 * @property {import("../grid/grid_view.js").GridView} grid
 * @property {import("./panel.js").Panel} panel
 * @property {import("../alerts/sounds.js").AlertSounds} sounds
 * @property {import("../patrol/patrol.js").Patrol} patrol
 * @property {import("../actions/act_desk.js").ActDesk} acts
 * @property {(incident: import("../incidents/incidents.js").Incident) => void} message writes to whom an incident is about
 */

/** @param {Parts} parts */
export function teacherKeys(parts) {
  const { large, panel, grid } = parts;
  /** The messages were closed: the keys of the page work again. */
  const back = () => (large.id ? large.name.focus() : grid.focus());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (panel.back()) back();
    else if (large.id) large.close();
  });
  return new KeyPresses([...alertKeys(parts), ...actKeys(parts), ...placeKeys(parts)], [
    [t("Shift+row column"), t("In the grid: to any student, by the letters of row and column")],
    ["← ↑ ↓ →", t("In the grid: from tile to tile")],
    [t("Shift+arrow"), t("In the grid: change places with the student beside")],
    ["Enter", t("In the grid: large view")],
    ["Esc", t("Close the messages, the large view or a window")],
  ]);
}

/** @param {Parts} parts */
function alertKeys({ desk: { list, reviews, claims, hands, detail, player, alike }, panel, message }) {
  const judge = (/** @type {string} */ verdict) => {
    if (detail.dialog.open) return detail.judge(verdict);
    if (alike.chosen.size > 0) return void alike.give(verdict);
    const incident = list.chosen();
    if (incident) void reviews.give(incident.id, verdict);
  };
  const move = (/** @type {number} */ step) => {
    if (detail.dialog.open) return detail.step(step);
    if (!panel.shows("alerts")) panel.show("alerts");
    list.move(step);
  };
  const open = (/** @type {boolean} */ writing) => {
    const id = detail.dialog.open ? detail.id : list.chosen()?.lead.id;
    if (id) detail.open(id, writing);
  };
  const write = () => {
    const incident = detail.dialog.open ? detail.incident() : list.chosen();
    detail.dialog.close();
    if (incident) message(incident);
  };
  const claim = () => {
    const incident = detail.dialog.open ? detail.incident() : list.chosen();
    if (incident) void claims.toggle(incident.id);
  };
  const toHands = () => {
    panel.show("alerts", true);
    hands.focus();
  };
  const turnList = () => {
    if (detail.dialog.open) return;
    panel.show("alerts");
    list.tabs.next();
  };
  return [
    { key: "j", does: t("Next incident"), run: () => move(1) },
    { key: "k", does: t("Previous incident"), run: () => move(-1) },
    { key: "l", does: t("Next list: Now, Later, Noted"), run: turnList },
    { key: "o", does: t("Open the incident with its picture"), run: () => open(false) },
    { key: " ", does: t("Play the seconds around the alert"), run: () => player.openIncident(detail.dialog.open ? detail.incident() : list.chosen()) },
    { key: "e", does: t("Show each alert of the incident"), run: () => list.fold() },
    { key: "a", does: t("Acknowledge the incident"), run: () => judge("acknowledged") },
    { key: "x", does: t("Dismiss the incident as wrong"), run: () => judge("dismissed") },
    { key: "c", does: t("Look after the incident, or give it back"), run: claim },
    { key: "h", does: t("Go to the raised hands"), run: toHands },
    { key: "n", does: t("Write a note on the incident"), run: () => open(true) },
    { key: "w", does: t("Write a message to the student"), run: write },
    { key: "u", does: t("Take the last verdict back"), run: () => void reviews.undo() },
  ];
}

/** @param {Parts} parts */
function actKeys({ acts, desk: { list, alike } }) {
  return [
    { key: "f", does: t("Flag the student at hand, with the last 20 seconds"), run: () => void acts.flag() },
    { key: ".", does: t("Do something about the student at hand, or about several"), run: () => acts.act() },
    { key: "s", does: t("Choose the incident for a decision on several alike"), run: () => list.chosen() && alike.toggle(list.chosen()?.id ?? "") },
  ];
}

/** @param {Parts} parts */
function placeKeys({ large, grid, panel, sounds, patrol, desk: { detail } }) {
  const turn = (/** @type {number} */ step) => {
    if (!detail.dialog.open && !large.id) return false;
    if (detail.dialog.open) detail.turn(step);
    else large.step(step);
    return true;
  };
  return [
    { key: "[", also: "ArrowLeft", does: t("Previous student in the large view, or alert of an open incident"), run: () => turn(-1) },
    { key: "]", also: "ArrowRight", does: t("Next student in the large view, or alert of an open incident"), run: () => turn(1) },
    { key: "/", does: t("Search a student by name"), run: () => find("#grid-search", HTMLInputElement).focus() },
    { key: "g", does: t("Go to the grid"), run: () => grid.focus() },
    { key: "p", does: t("Patrol: look at one student after another, whom you looked at least first"), run: () => patrol.toggle() },
    { key: "1", does: t("Show the alerts, or fold the side panel"), run: () => (panel.shows("alerts") ? panel.keepFolded(true) : panel.show("alerts", true)) },
    { key: "2", does: t("Show the waiting room"), run: () => panel.show("waiting", true) },
    { key: "3", does: t("Show the chat"), run: () => panel.show("chat", true) },
    { key: "m", does: t("Sound for critical alerts on or off"), run: () => sounds.toggle() },
  ];
}
