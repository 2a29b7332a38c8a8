// The menu that narrows all lists of incidents: by verdict, severity, kind and student.

import { el, find } from "../../shared/dom.js";
import { studentsOf } from "./alert_filter.js";
import { kindLabel } from "../room/labels.js";

/** @typedef {import("../room/types.js").Alert} Alert */

export class AlertMenu {
  /** @param {HTMLElement} root @param {string[]} kinds @param {() => void} onChange */
  constructor(root, kinds, onChange) {
    this.menu = find("#alerts-filters", HTMLElement, root);
    const box = (/** @type {string} */ name) => {
      const found = find(`#alert-${name}`, HTMLSelectElement, root);
      found.addEventListener("change", onChange);
      return found;
    };
    this.boxes = { verdict: box("verdict"), severity: box("severity"), kind: box("kind"), participant: box("student") };
    for (const kind of kinds) this.boxes.kind.append(el("option", { value: kind }, kindLabel(kind)));
    this.active = 0;
    this.studentsShown = "";
  }

  /**
   * @param {Iterable<Alert>} alerts whose students can be chosen
   * @returns {import("./alert_filter.js").AlertWish}
   */
  read(alerts) {
    this.showStudents(studentsOf(alerts));
    const { verdict, severity, kind, participant } = this.boxes;
    const wish = { verdict: verdict.value, severity: severity.value, kind: kind.value, participant: participant.value };
    this.active = Object.values(wish).filter(Boolean).length;
    this.menu.dataset.active = String(this.active || "");
    return wish;
  }

  /** @param {[string, string][]} students id and name */
  showStudents(students) {
    const text = JSON.stringify(students);
    if (text === this.studentsShown) return;
    this.studentsShown = text;
    const box = this.boxes.participant;
    const chosen = box.value;
    box.replaceChildren(box.options[0], ...students.map(([id, name]) => el("option", { value: id }, name)));
    box.value = chosen;
  }
}
