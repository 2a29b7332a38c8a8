// The exam itself in the middle of the page: a text, a PDF, a link, or nothing but the teacher's word.

import { el, icon } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/** @typedef {{kind: string, html?: string, address?: string}} Exam */

const PDF_VIEW = "#navpanes=0&view=FitH"; // as wide as there is room, without the row of small pages
// A foreign page may do all that an exam needs, but not take the student's page away. (The browser's own PDF viewer
// does not run in a sandbox, and our own PDF needs none.)
const FOREIGN = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads";

export class Paper {
  /** @param {HTMLElement} root @param {string} title */
  constructor(root, title) {
    this.root = root;
    this.title = title;
    this.shown = "";
  }

  /**
   * Show the exam; the same one again leaves it as it is, with what was typed into its frame.
   * @param {Exam} exam @returns {boolean} whether it is new
   */
  show(exam) {
    const key = JSON.stringify(exam);
    if (key === this.shown) return false;
    this.shown = key;
    this.root.tabIndex = exam.kind === "text" ? 0 : -1; // without a mouse, too, a long text can be scrolled
    this.root.replaceChildren(...this.#parts(exam));
    return true;
  }

  /** @param {Exam} exam */
  #parts(exam) {
    if (exam.kind === "text") return [text(exam.html ?? "")];
    if (exam.kind === "pdf") return this.#frame(exam.address ?? "", t("The PDF does not show?"), PDF_VIEW);
    if (exam.kind === "link") return this.#frame(exam.address ?? "", t("The page does not show?"), "", FOREIGN);
    return [nothing()];
  }

  /** @param {string} address @param {string} question @param {string} view @param {string} [sandbox] */
  #frame(address, question, view, sandbox) {
    const frame = el("iframe", { src: address + view, title: this.title, class: "paper-frame", sandbox });
    const link = el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, t("Open it in a new tab"), " ", icon("box-arrow-up-right"));
    const way = el("p", { class: "paper-way" }, `${question} `, link, ` ${t("Your teacher sees that this page is in the background meanwhile; tell them why.")}`);
    return [frame, way];
  }
}

/** @param {string} html made from Markdown and cleaned by the server */
function text(html) {
  const article = el("article", { class: "paper-text", dir: "auto" });
  article.innerHTML = html;
  for (const link of article.querySelectorAll("a[href]")) {
    // A link must not take the exam page away.
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  return article;
}

function nothing() {
  const words = t("The exam is not on this page: your teacher gives it to you on paper or says where it is. Keep this page open.");
  return el("div", { class: "paper-none" }, icon("file-earmark-text"), el("p", {}, words));
}
