// Camera trouble during the exam: how to mend it, beside the student's own picture.

import { el, find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { browserOf, cameraHelp } from "../check/camera_help.js";

/** @param {HTMLElement} root @param {import("../../sensors/camera/camera.js").CameraState} state */
export function showCameraTrouble(root, state) {
  root.hidden = state === "on" || state === "asking";
  const help = cameraHelp(state, browserOf(navigator.userAgent)).map((sentence) => el("li", {}, t(sentence)));
  find("ul", HTMLElement, root).replaceChildren(...help);
}
