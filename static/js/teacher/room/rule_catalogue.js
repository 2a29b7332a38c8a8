// What the server's rules say of themselves: learnt once, before anything is shown.

/** @typedef {{kind: string, label: string, advice: string, sign: string, common_cause?: string}} Rule all but kind and sign are English, for t() */

/** @type {Map<string, Rule>} */
const known = new Map();

/** @param {readonly Rule[]} rules as the server gave them to the page */
export function learnRules(rules) {
  for (const rule of rules) known.set(rule.kind, rule);
}

/** @param {string} kind @returns {Rule | undefined} nothing of a kind that the server knows no more */
export function ruleOf(kind) {
  return known.get(kind);
}
