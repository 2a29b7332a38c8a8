// Asks before what cannot be taken back.

import { find } from "../../shared/dom.js";

/**
 * @param {{title: string, text: string, action: string}} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, action }) {
  const dialog = find("#ask", HTMLDialogElement);
  find("#ask-title", HTMLElement, dialog).textContent = title;
  find("#ask-text", HTMLElement, dialog).textContent = text;
  find("#ask-yes", HTMLButtonElement, dialog).textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  find("#ask-no", HTMLButtonElement, dialog).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
