// The picture code that pairs one phone: asked for when it is shown, and asked for anew before it expires.

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { roleOf } from "../../shared/phone_roles.js";

/** @typedef {import("../../shared/phone_labels.js").Role} Role */
/** @typedef {{link: string, svg: string, code: string, expires_at: number}} Invitation */

const RENEW_BEFORE_MS = 20_000;
const AGAIN_MS = 5000;
const LEAST_MS = 5000;

/** How long an invitation may stay on the screen. @param {number} expiresAt @param {number} now both ms since the epoch */
export function renewAfter(expiresAt, now) {
  return Math.max(LEAST_MS, expiresAt - now - RENEW_BEFORE_MS);
}

/** A code in two halves, as people read it out. @param {string} code */
export function codeInHalves(code) {
  const half = Math.ceil(code.length / 2);
  return code.length > 5 ? `${code.slice(0, half)} ${code.slice(half)}` : code;
}

/** Where the code is typed; with its https, which not every browser tries by itself. @param {string} link */
export function addressToType(link) {
  return `${new URL(link).origin}/phone`;
}

export class PairingCard {
  /** @param {HTMLElement} root @param {import("../check/enrol.js").Ask} ask */
  constructor(root, ask) {
    this.root = root;
    this.ask = ask;
    /** @type {Role | null} */
    this.role = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.root.hidden = true;
  }

  /** Show the code of this role from now on; null for none. @param {Role | null} role */
  show(role) {
    if (role === this.role) return;
    this.role = role;
    clearTimeout(this.timer);
    this.root.hidden = role === null;
    this.root.replaceChildren(el("p", { class: "soft" }, t("One moment…")));
    if (role) void this.#invite(role);
  }

  /** @param {Role} role */
  async #invite(role) {
    try {
      const invitation = await this.ask("pair", { role });
      if (this.role !== role) return;
      this.#draw(role, invitation);
      this.#later(role, renewAfter(invitation.expires_at, Date.now()));
    } catch (problem) {
      if (this.role !== role) return;
      const { text, params } = /** @type {import("../../shared/connection.js").Problem} */ (problem);
      this.root.replaceChildren(el("p", { class: "field-error" }, t(text, params)));
      this.#later(role, AGAIN_MS);
    }
  }

  /** @param {Role} role @param {number} ms */
  #later(role, ms) {
    this.timer = setTimeout(() => this.role === role && void this.#invite(role), ms);
  }

  /** @param {Role} role @param {Invitation} invitation */
  #draw(role, { link, svg, code }) {
    // As a picture of its own the server's drawing can do nothing but be seen.
    const picture = el("img", {
      class: "qr",
      src: `data:image/svg+xml,${encodeURIComponent(svg)}`,
      alt: t("QR code: %(role)s", { role: t(roleOf(role).title) }),
      dataset: { link },
    });
    const typed = el("p", { class: "pair-typed" }, t("Or open this address on the phone and type the code:"));
    const address = el("p", { class: "pair-address mono" }, addressToType(link));
    const letters = el("p", { class: "pair-code mono", "aria-label": [...code].join(" ") }, codeInHalves(code));
    const words = el("div", { class: "pair-words" }, el("p", {}, t("Scan this with the phone's camera and open the link.")), typed, address, letters);
    this.root.replaceChildren(picture, words);
  }
}
