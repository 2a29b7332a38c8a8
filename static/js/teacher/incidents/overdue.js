// What lies unclaimed: the list is drawn anew as time goes by, and a critical incident that waits too long is sounded.

import { announce, beep } from "../../shared/notify.js";
import { t } from "../../shared/i18n.js";
import { kindLabel } from "../room/labels.js";

/** @typedef {import("./incidents.js").Incident} Incident */

const LOOK_EVERY_MS = 5000;
/** As long as nobody looks after it, it is sounded again. */
export const AGAIN_AFTER_MS = 60_000;

export class Overdue {
  /**
   * @param {() => Incident[]} overdue those that wait too long now
   * @param {{isOn: () => boolean, draw: () => void}} page
   */
  constructor(overdue, { isOn, draw }) {
    this.overdue = overdue;
    this.isOn = isOn;
    this.draw = draw;
    /** When each was sounded last. @type {Map<string, number>} */
    this.sounded = new Map();
  }

  begin() {
    setInterval(() => this.look(Date.now()), LOOK_EVERY_MS);
  }

  /** @param {number} now ms */
  look(now) {
    this.draw();
    const due = this.overdue().filter(({ id }) => now - (this.sounded.get(id) ?? -Infinity) >= AGAIN_AFTER_MS);
    for (const incident of due) {
      this.sounded.set(incident.id, now);
      tell(incident);
    }
    if (due.length > 0 && this.isOn()) beep();
  }
}

/** In the page, and by the system where another window is in front and the teacher allowed it. @param {Incident} incident */
function tell({ lead }) {
  const text = t("Nobody looks after this yet: %(kind)s, %(name)s", { kind: kindLabel(lead.kind), name: lead.name });
  announce(text);
  if (document.hidden && globalThis.Notification?.permission === "granted") new Notification("Examonitor", { body: text, tag: lead.id });
}
