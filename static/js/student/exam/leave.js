// Leaving: asks once more, says what follows, and tells when the server could not be told.

import { find } from "../../shared/dom.js";
import { N_, t } from "../../shared/i18n.js";

/**
 * @param {HTMLDialogElement} dialog @param {HTMLElement} opener
 * @param {() => Promise<void>} leave rejects with a Problem @param {string} [still] what holds on then, a key for t()
 */
export function setUpLeaving(dialog, opener, leave, still = N_("You are still in the exam.")) {
  const problem = find(".problem", HTMLElement, dialog);
  const confirm = find("[data-leave]", HTMLButtonElement, dialog);
  opener.addEventListener("click", () => {
    problem.textContent = "";
    dialog.showModal();
  });
  find("[data-stay]", HTMLButtonElement, dialog).addEventListener("click", () => dialog.close());
  confirm.addEventListener("click", async () => {
    confirm.disabled = true;
    try {
      await leave();
      dialog.close();
    } catch (error) {
      const { text, params } = /** @type {import("../../shared/connection.js").Problem} */ (error);
      problem.textContent = `${t(still)} ${t(text, params)}`;
    }
    confirm.disabled = false;
  });
}
