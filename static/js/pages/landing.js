// The first page: a code is six digits however it was pasted.

import { find } from "../shared/dom.js";

/** Keep the digits of what was typed or pasted, at most six, in two groups of three. @param {string} typed */
export function codeShown(typed) {
  const digits = typed.normalize("NFKC").replace(/\D/g, "").slice(0, 6);
  return digits.length > 3 ? `${digits.slice(0, 3)} ${digits.slice(3)}` : digits;
}

function watchCode() {
  const code = find("#code", HTMLInputElement);
  const tidy = () => {
    const caret = code.selectionStart ?? code.value.length;
    const before = code.value.slice(0, caret).replace(/\D/g, "").length;
    code.value = codeShown(code.value);
    const place = Math.min(code.value.length, before > 3 ? before + 1 : before);
    code.setSelectionRange(place, place);
  };
  code.addEventListener("input", tidy);
  if (code.value) tidy();
  if (document.querySelector("#join-error")) code.select();
  else if (code.value.length === 7) find("#name", HTMLInputElement).focus(); // a link with the code in it
}

if (globalThis.document) watchCode();
