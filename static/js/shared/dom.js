// Building and finding elements. Text goes in as text nodes only, so nothing that a person typed becomes markup.

/** @typedef {string | number | Node | null | undefined | false} Child */

const FORBIDDEN = new Set(["innerhtml", "outerhtml", "srcdoc", "style"]);

/**
 * Make an element: `el("button", {class: "btn", type: "button", onclick: send, disabled: true}, "Send")`.
 * Attributes that are null, undefined or false are left out; `on...` takes functions; `dataset` takes an object.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter(isShown).map((child) => (typeof child === "number" ? String(child) : child)));
  return element;
}

/**
 * A Bootstrap icon, hidden from screen readers: what it means must also be said in words.
 * @param {string} name without the `bi-`
 * @returns {HTMLElement}
 */
export function icon(name) {
  return el("i", { class: `bi bi-${name}`, "aria-hidden": "true" });
}

/**
 * Find the one element that must be there, as the type it must have.
 * @template {Element} E
 * @param {string} selector
 * @param {new (...args: any[]) => E} type
 * @param {ParentNode} [within]
 * @returns {E}
 */
export function find(selector, type, within = document) {
  const element = within.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} ${selector}`);
  return element;
}

/**
 * What the server gave this page: the `page_data` of its template.
 * @returns {any}
 */
export function pageData() {
  return JSON.parse(document.getElementById("page-data")?.textContent || "{}");
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {any} value
 */
function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (FORBIDDEN.has(name.toLowerCase())) throw new Error(`el() does not set ${name}`);
  if (name === "dataset") Object.assign(element.dataset, value);
  else if (!name.startsWith("on")) element.setAttribute(name, value === true ? "" : String(value));
  else if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
  else throw new Error(`${name} takes a function`);
}

/**
 * @param {Child} child
 * @returns {child is string | number | Node}
 */
function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}
