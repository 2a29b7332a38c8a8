// The way in for a phone: the scanned link goes on by itself, a typed code is tidied up.

/** Keep what a code can have, in capitals and in two groups of four. @param {string} typed */
export function phoneCodeShown(typed) {
  const signs = typed.normalize("NFKC").toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 8);
  return signs.length > 4 ? `${signs.slice(0, 4)} ${signs.slice(4)}` : signs;
}

function begin() {
  // Sent by the page and not by the link itself, so that a preview of the link does not use the code up.
  const form = document.querySelector("#pair-form[data-auto]");
  if (form instanceof HTMLFormElement) form.submit();
  const code = document.querySelector("#phone-code");
  if (!(code instanceof HTMLInputElement)) return;
  code.addEventListener("input", () => {
    const isAtEnd = code.selectionStart === code.value.length;
    const shown = phoneCodeShown(code.value);
    if (isAtEnd && shown !== code.value) code.value = shown;
  });
}

if (globalThis.document) begin();
