// Texts in the person's language. The English sentence is the key; what has no translation is shown in English.

const catalogue = new Map();

/** @returns {string} the language of the page, as the server chose it */
export function locale() {
  return globalThis.document?.documentElement.lang || "en";
}

/** @returns {string} the same with the person's country, as their browser knows it: clocks differ within a language */
export function clockLocale() {
  const wanted = globalThis.navigator?.languages ?? [];
  return wanted.find((one) => one.startsWith(`${locale()}-`)) ?? locale();
}

/**
 * Fetch the translations once, before the first text is shown; a failure leaves the page in English.
 * @param {string} [language]
 * @param {(address: string) => Promise<{ok: boolean, json(): Promise<any>}>} [get]
 * @returns {Promise<void>}
 */
export async function loadCatalogue(language = locale(), get = (address) => fetch(address)) {
  catalogue.clear();
  if (language.startsWith("en")) return;
  try {
    const answer = await get(`/i18n/${encodeURIComponent(language)}.json`);
    if (!answer.ok) return;
    for (const [english, text] of Object.entries(await answer.json())) catalogue.set(english, text);
  } catch (error) {
    console.warn("No translations:", error);
  }
}

/**
 * Say an English sentence in the person's language, its %(name)s places filled in.
 * @param {string} english
 * @param {Record<string, unknown>} [params]
 * @returns {string}
 */
export function t(english, params = {}) {
  return fill(catalogue.get(english) ?? english, params);
}

/**
 * Mark an English sentence that is shown, through t(), somewhere else.
 * @param {string} english
 * @returns {string}
 */
export function N_(english) {
  return english;
}

/**
 * Fill %(name)s, %(name)d and %(name).1f places as Python does; an unknown name stays visible.
 * @param {string} text
 * @param {Record<string, unknown>} params
 * @returns {string}
 */
export function fill(text, params) {
  return text.replace(/%\((\w+)\)(?:\.(\d+))?([sdf])|%%/g, (place, name, digits, kind) => {
    if (place === "%%") return "%";
    if (!Object.hasOwn(params, name)) return place;
    const value = params[name];
    if (typeof value !== "number") return String(value);
    if (kind === "s") return value.toLocaleString(locale(), { useGrouping: false, maximumFractionDigits: 3 });
    const places = kind === "f" ? Number(digits ?? 6) : 0;
    const shown = kind === "d" ? Math.trunc(value) : value;
    return shown.toLocaleString(locale(), { minimumFractionDigits: places, maximumFractionDigits: places });
  });
}

/**
 * The time of day of a moment, for people.
 * @param {number} ms since the epoch
 * @param {{seconds?: boolean}} [options]
 * @returns {string}
 */
export function clockTime(ms, { seconds = false } = {}) {
  /** @type {Intl.DateTimeFormatOptions} */
  const format = { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
  return new Date(ms).toLocaleTimeString(clockLocale(), format);
}
