// What the server's registry says of each phone role: learnt once, before anything is shown.

/**
 * @typedef {object} PhoneRole title, short and placing are English, for t()
 * @property {string} key
 * @property {string} title
 * @property {string} short
 * @property {string} placing how the student places the phone
 * @property {string} sign a Bootstrap icon
 * @property {boolean} films
 * @property {boolean} drawing whether there is one of how to place it
 */

/** @type {Map<string, PhoneRole>} */
const known = new Map();

/** @param {readonly PhoneRole[]} roles as the server gave them to the page */
export function learnRoles(roles) {
  for (const role of roles) known.set(role.key, role);
}

/** @param {string} key @returns {PhoneRole} one without words of its own for a role that the server no longer knows */
export function roleOf(key) {
  return known.get(key) ?? { key, title: key, short: key, placing: "", sign: "phone", films: false, drawing: false };
}

/** @param {string} channel @returns {boolean} false for the student's computer */
export function isRole(channel) {
  return known.has(channel);
}
