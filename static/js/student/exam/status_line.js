// One calm line beside the student's own picture, where the room wants it: what the camera and the arm are seen to do.

import { N_, t } from "../../shared/i18n.js";

/** @type {Record<string, string>} */
const CAMERA = {
  fine: N_("camera: fine"),
  off: N_("camera: off"),
  unclear: N_("camera: the picture is not clear"),
  empty: N_("camera: you are not in the picture"),
};

export class StatusLine {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {{camera: string, arm: number | null}} status */
  show({ camera, arm }) {
    const parts = [t(CAMERA[camera] ?? camera)];
    if (arm !== null) parts.push(t("arm: %(level)d %%", { level: arm }));
    this.root.textContent = parts.join(", ");
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
  }
}
