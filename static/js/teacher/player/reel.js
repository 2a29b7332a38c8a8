// What a capsule shows at which moment: plain functions. All times are milliseconds from the moment of the alert.

/**
 * @typedef {{begin_ms: number, end_ms: number}} Stretch
 * @typedef {object} Manifest as docs/evidence.md describes it
 * @property {Stretch} window
 * @property {{raised_ms: number, channel: string, marks: any[], shown_by_sha256: string | null}} alert
 * @property {{name: string, channel: string, received_ms: number, width: number, height: number, sha256: string}[]} pictures
 * @property {(Stretch & {channel: string, why: string})[]} gaps
 * @property {number} thinned
 * @property {(Stretch & {channel: string, state: string})[]} unseen
 *
 * @typedef {{at: number, name: string, width: number, height: number}} Picture
 * @typedef {{channel: string, begin: number, end: number, why: string}} Hole a time without pictures, or without any that could be judged
 * @typedef {{channel: string, pictures: Picture[]}} Track
 *
 * @typedef {object} Reel
 * @property {number} begin
 * @property {number} end
 * @property {number} raised in milliseconds since the epoch
 * @property {Track[]} tracks the channel of the alert first
 * @property {Hole[]} gaps
 * @property {Hole[]} unseen
 * @property {number} thinned
 * @property {{channel: string, width: number} | null} marked the picture in whose pixels the marks of the alert are
 */

/** How long around the alert its marks are drawn: what they show moves on. */
export const MARKED_MS = 1500;

/** @param {Manifest} manifest @returns {Reel} */
export function reelOf({ window, alert, pictures, gaps, thinned, unseen }) {
  const raised = alert.raised_ms;
  const hole = (/** @type {any} */ { channel, begin_ms, end_ms, why, state }) =>
    ({ channel, begin: begin_ms - raised, end: end_ms - raised, why: why ?? state });
  /** @type {Map<string, Picture[]>} */
  const tracks = new Map();
  for (const { name, channel, received_ms: at, width, height } of pictures) {
    if (!tracks.has(channel)) tracks.set(channel, []);
    tracks.get(channel)?.push({ at: at - raised, name, width, height });
  }
  const rank = (/** @type {string} */ channel) => (channel === alert.channel ? 0 : 1);
  return {
    begin: window.begin_ms - raised,
    end: window.end_ms - raised,
    raised,
    tracks: [...tracks].map(([channel, of]) => ({ channel, pictures: of })).sort((a, b) => rank(a.channel) - rank(b.channel)),
    gaps: gaps.map(hole),
    unseen: unseen.map(hole),
    thinned,
    marked: alert.marks.length ? markedPicture(alert, pictures) : null,
  };
}

/** @param {Manifest["alert"]} alert @param {Manifest["pictures"]} pictures */
function markedPicture({ channel, raised_ms: raised, shown_by_sha256: hash }, pictures) {
  const own = pictures.filter((one) => one.channel === channel);
  const shown = own.find((one) => one.sha256 === hash) ?? own.findLast((one) => one.received_ms <= raised);
  return shown ? { channel, width: shown.width } : null;
}

/** The newest picture of a track at a moment; null before the first. @param {Track} track @param {number} at */
export function pictureAt({ pictures }, at) {
  return pictures.findLast((one) => one.at <= at) ?? null;
}

/** The hole that a channel has at a moment. @param {Hole[]} holes @param {string} channel @param {number} at */
export function holeAt(holes, channel, at) {
  return holes.find((one) => one.channel === channel && one.begin < at && at < one.end) ?? null;
}

/** Where the time of the picture before or after a moment lies, in any channel. @param {Reel} reel @param {number} at @param {number} step 1 or -1 */
export function besides({ tracks, begin, end }, at, step) {
  const times = tracks.flatMap(({ pictures }) => pictures.map((one) => one.at)).sort((a, b) => a - b);
  return step > 0 ? (times.find((time) => time > at) ?? end) : (times.findLast((time) => time < at) ?? begin);
}

/**
 * The marks of an alert in the pixels of another picture of its camera, which may have another size.
 * @param {import("../grid/marks.js").Mark[]} marks
 * @param {number} from width of the picture that they were found in
 * @param {number} to
 * @returns {import("../grid/marks.js").Mark[]}
 */
export function scaled(marks, from, to) {
  const by = to / from;
  return marks.map(([label, x, y, width, height]) => [label, x * by, y * by, width * by, height * by]);
}
