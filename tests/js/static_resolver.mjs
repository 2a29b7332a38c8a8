// Lets Node.js import what browsers import as "/static/...": a loader hook, registered by the tests that need it.

const ROOT = new URL("../../", import.meta.url);

/**
 * @param {string} specifier
 * @param {object} context
 * @param {(specifier: string, context: object) => Promise<object>} next
 */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith("/static/")) return next(new URL(specifier.slice(1), ROOT).href, context);
  return next(specifier, context);
}
