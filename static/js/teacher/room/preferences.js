// What a teacher chose on this page and finds again next time; kept in this browser alone.

const PREFIX = "live.";

/**
 * @param {string} name
 * @param {string} fallback
 * @param {readonly string[]} [allowed] anything else counts as not kept
 */
export function readChoice(name, fallback, allowed) {
  const value = stored(name) ?? fallback;
  return allowed && !allowed.includes(value) ? fallback : value;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function keepChoice(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // A browser that keeps nothing (private window, storage switched off) still works until the page is left.
  }
}

/** @param {string} name */
function stored(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}
