// Shows push messages, also while no page of ours is open. A service worker: it knows nothing but what it is sent.

/**
 * @typedef {{title: string, body: string, link: string, tag: string}} Told as notify/ways/push.py sends it
 * @typedef {object} Scope what a service worker is given; types of the DOM have no such thing
 * @property {(name: string, take: (event: any) => void) => void} addEventListener
 * @property {{showNotification(title: string, options: object): Promise<void>}} registration
 * @property {{matchAll(options: object): Promise<any[]>, openWindow(link: string): Promise<unknown>}} clients
 * @property {Location} location
 */

const scope = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));

scope.addEventListener("push", (event) => {
  /** @type {Told} */
  const told = event.data ? event.data.json() : { title: "Examonitor", body: "", link: "", tag: "" };
  const options = { body: told.body, tag: told.tag, data: { link: told.link } };
  event.waitUntil(scope.registration.showNotification(told.title, options));
});

scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link));
});

/** @param {string | undefined} link */
async function open(link) {
  const address = new URL(link || "/rooms", scope.location.origin);
  if (address.origin !== scope.location.origin) address.href = `${scope.location.origin}${address.pathname}`;
  const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === address.href);
  await (there ? there.focus() : scope.clients.openWindow(address.href));
}
