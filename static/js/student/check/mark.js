// Marks a text for translation where it is only kept, to be said later by t().

/** @param {string} english @returns {string} the same */
export const N_ = (english) => english;
