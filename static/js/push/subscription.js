// Having a browser show push messages: asked for on a click alone, told to the server, undone where that fails.

import { t } from "../shared/i18n.js";

/**
 * @typedef {{key: string, address: string, worker: string, csrf: string}} Place of the server: its key, and where to tell it
 * @typedef {object} World what a browser does; tests have another
 * @property {boolean} able whether it can show messages at all
 * @property {() => Promise<string>} ask for the permission: granted, denied or default
 * @property {(worker: string, key: Uint8Array<ArrayBuffer>) => Promise<PushSubscription>} subscribe
 * @property {(address: string, options: RequestInit) => Promise<Response>} fetch
 */

/** @type {World} */
export const BROWSER = {
  able: "serviceWorker" in (globalThis.navigator ?? {}) && "PushManager" in globalThis && "Notification" in globalThis,
  ask: () => Notification.requestPermission(),
  subscribe: async (worker, key) => {
    const registration = await navigator.serviceWorker.register(worker);
    await active(registration);
    const known = await registration.pushManager.getSubscription();
    if (known) await known.unsubscribe(); // it may be of another key
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  },
  fetch: (address, options) => fetch(address, options),
};

/**
 * Ask the person, subscribe and tell the server; call it on a click.
 * @param {Place} place
 * @param {World} [world]
 * @returns {Promise<string>} why it did not work, "" where it did
 */
export async function allowMessages(place, world = BROWSER) {
  if ((await world.ask()) !== "granted") return t("The browser does not allow messages of this page. Its settings can change that.");
  let subscription;
  try {
    subscription = await world.subscribe(place.worker, bytesOf(place.key));
  } catch {
    return t("The browser could not reach its maker's service for messages. In a network without internet they cannot work.");
  }
  const answer = await tell(subscription, place, world);
  if (!answer) await subscription.unsubscribe();
  return answer ? "" : t("The server did not take it. Please try again.");
}

/** @param {PushSubscription} subscription @param {Place} place @param {World} world */
async function tell(subscription, place, world) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": place.csrf };
  try {
    return (await world.fetch(place.address, { method: "POST", headers, body: JSON.stringify(subscription) })).ok;
  } catch {
    return false;
  }
}

/**
 * The bytes of base64 for addresses, without padding.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ServiceWorkerRegistration} registration */
async function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return;
  await new Promise((resolve) => worker.addEventListener("statechange", () => worker.state === "activated" && resolve(null)));
}
