// What a teacher must know about this exam: broken connection, slowed-down server, what is not watched for.

import { el, find, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/**
 * @typedef {import("../room/types.js").Notice} Notice
 * @typedef {import("../room/types.js").Capacity} Capacity
 * @typedef {{key: string, text: string, sign: string, grave: boolean, red?: boolean}} Line
 */

export class Notices {
  /** @param {HTMLElement} [root] */
  constructor(root = find("#notices", HTMLElement)) {
    this.root = root;
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    /** @type {Set<string>} */
    this.closed = new Set();
  }

  /** @param {(string | Notice)[]} notices */
  setNotices(notices) {
    for (const key of [...this.lines.keys()]) if (key.startsWith("notice:")) this.lines.delete(key);
    for (const notice of notices) {
      const { text: meaning, numbers, remedy } = typeof notice === "string" ? { text: notice } : notice;
      const text = remedy ? `${t(meaning, numbers)} ${t(remedy)}` : t(meaning, numbers);
      this.lines.set(`notice:${text}`, { key: `notice:${text}`, text, sign: remedy ? "exclamation-octagon" : "info-circle", grave: Boolean(remedy), red: Boolean(remedy) });
    }
    this.show();
  }

  /** @param {Capacity} capacity */
  setCapacity({ overloaded, text, numbers }) {
    this.set("capacity", overloaded ? t(text, numbers) : "", "speedometer2");
  }

  /** What cannot be kept; stays until it can be. @param {import("../room/types.js").Storage} storage */
  setStorage({ ok, text }) {
    this.set("storage", ok ? "" : t(text), "device-hdd", true);
  }

  /**
   * @param {string} state of the connection
   * @param {import("../../shared/connection.js").Problem} [problem]
   */
  setConnection(state, problem) {
    const text = problem ? t(problem.text, problem.params) : connectionText(state);
    this.set("connection", text, "wifi-off", true);
  }

  /**
   * @param {string} key
   * @param {string} text "" takes the line away
   * @param {string} sign
   * @param {boolean} [grave]
   */
  set(key, text, sign, grave = false) {
    this.closed.delete(key);
    if (text) this.lines.set(key, { key, text, sign, grave });
    else this.lines.delete(key);
    this.show();
  }

  show() {
    const open = [...this.lines.values()].filter((line) => !this.closed.has(line.key));
    open.sort((a, b) => Number(b.grave) - Number(a.grave));
    this.root.replaceChildren(...open.map((line) => this.line(line)));
    this.root.hidden = open.length === 0;
  }

  /** @param {Line} line */
  line({ key, text, sign, grave, red }) {
    const close = () => {
      this.closed.add(key);
      this.show();
    };
    const button = el("button", { class: "tool", type: "button", "aria-label": t("Close"), onclick: close }, icon("x-lg"));
    return el("div", { class: `live-notice${grave ? " is-grave" : ""}${red ? " is-red" : ""}` }, icon(sign), el("span", { class: "grow" }, text), key === "connection" ? null : button);
  }
}

/** @param {string} state */
function connectionText(state) {
  switch (state) {
    case "reconnecting": return t("The connection to the server is lost. Pictures are frozen until it is back; nothing else is lost.");
    case "replaced": return t("This room is open in another window, so this one has stopped.");
    case "refused":
    case "closed": return t("The server closed the connection. Load the page again to go on.");
    default: return "";
  }
}
