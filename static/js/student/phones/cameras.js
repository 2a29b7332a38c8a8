// Lets a student with more than one camera choose, during the check and during the exam.

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";

/** @param {HTMLSelectElement} select @param {import("../../sensors/camera/camera.js").Camera} camera */
export async function listCameras(select, camera) {
  const cameras = await camera.list();
  const current = camera.stream?.getVideoTracks()[0]?.getSettings().deviceId;
  const options = cameras.map(({ id, label }, index) => {
    const name = label || t("Camera %(number)d", { number: index + 1 });
    return el("option", { value: id, selected: id === current }, name);
  });
  select.replaceChildren(...options);
  /** @type {HTMLElement} */ (select.parentElement).hidden = cameras.length < 2;
}
