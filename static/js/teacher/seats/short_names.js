// Names for narrow tiles: two lines, cut where they must be, and never so that two students read alike. Plain functions.

/** @typedef {[string, string]} Lines */

const ELLIPSIS = "…";

/**
 * Two lines for each name, none longer than `most` characters; names that differ are shown so that they differ.
 * @param {readonly string[]} names
 * @param {number} most characters that a line holds, at least 4
 * @returns {Lines[]}
 */
export function shortNames(names, most) {
  const wholes = names.map((name) => inTwoLines(name, most));
  const shown = wholes.map(([first, last]) => /** @type {Lines} */ ([cut(first, most), cut(last, most)]));
  for (const places of sameOnes(shown)) tellApart(places, wholes, shown, most);
  for (const places of sameOnes(shown)) places.forEach((place, at) => number(shown[place], at + 1, most));
  return shown;
}

/**
 * A name that fits stands in one line; else its last word stands below the others.
 * @param {string} name
 * @param {number} most
 * @returns {Lines}
 */
function inTwoLines(name, most) {
  const words = name.split(/\s+/u).filter(Boolean);
  const isShort = words.length < 2 || [...name].length <= most;
  return isShort ? [name, ""] : [words.slice(0, -1).join(" "), words[words.length - 1]];
}

/**
 * @param {string} text
 * @param {number} most
 */
function cut(text, most) {
  const letters = [...text];
  return letters.length <= most ? text : letters.slice(0, most - 1).join("").trimEnd() + ELLIPSIS;
}

/**
 * The places of names that read alike, each group once.
 * @param {readonly Lines[]} shown
 * @returns {number[][]}
 */
function sameOnes(shown) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  shown.forEach((lines, place) => {
    const key = lines.join("\n");
    groups.set(key, [...(groups.get(key) ?? []), place]);
  });
  return [...groups.values()].filter((places) => places.length > 1);
}

/**
 * Show the beginning and the part where these names differ.
 * @param {number[]} places
 * @param {readonly Lines[]} wholes
 * @param {Lines[]} shown changed
 * @param {number} most
 */
function tellApart(places, wholes, shown, most) {
  for (const line of /** @type {const} */ ([1, 0])) {
    const texts = places.map((place) => wholes[place][line]);
    const cuts = texts.map((text) => cutAround(text, common(texts), most));
    places.forEach((place, at) => (shown[place][line] = cuts[at]));
    if (new Set(places.map((place) => shown[place].join("\n"))).size === places.length) return;
  }
}

/** How many letters all these texts begin with. @param {readonly string[]} texts */
function common(texts) {
  const [first, ...others] = texts.map((text) => [...text]);
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return length;
}

/**
 * @param {string} text
 * @param {number} from where it differs from the others
 * @param {number} most
 */
function cutAround(text, from, most) {
  const letters = [...text];
  if (letters.length <= most) return text;
  const head = Math.max(1, Math.floor(most / 2) - 1);
  const start = Math.min(Math.max(from, head), letters.length - (most - head - 1));
  const rest = letters.slice(start).join("");
  return `${letters.slice(0, head).join("")}${ELLIPSIS}${cut(rest, most - head - 1)}`;
}

/**
 * @param {Lines} lines changed
 * @param {number} count
 * @param {number} most
 */
function number(lines, count, most) {
  const mark = ` ${count}`;
  const line = lines[1] === "" ? 0 : 1;
  lines[line] = cut(lines[line], most - mark.length) + mark;
}
