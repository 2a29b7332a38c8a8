// Camera trouble during the exam: how to mend it, beside the student's own picture.

import { el, find } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { browserOf, cameraHelp } from "./camera_help.js";

/** @param {HTMLElement} root @param {import("../sensors/camera.js").CameraState} state */
export function showCameraTrouble(root, state) {
  root.hidden = state === "on" || state === "asking";
  const help = cameraHelp(state, browserOf(navigator.userAgent)).map((sentence) => el("li", {}, t(sentence)));
  find("ul", HTMLElement, root).replaceChildren(...help);
}
