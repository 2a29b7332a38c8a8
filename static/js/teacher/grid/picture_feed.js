// From a `tiles` message to pictures on the screen: slice, decode beside the main thread, draw once a frame.

/**
 * @typedef {{tick: number, server_time: number, tiles: [string, number, number, number, string?][]}} TilesIndex
 *
 * @typedef {object} Slice
 * @property {string} id the participant
 * @property {string} channel webcam, or the role of the phone
 * @property {number} age of the picture when it arrived, ms
 * @property {Uint8Array<ArrayBuffer>} jpeg
 *
 * @typedef {object} Picture
 * @property {string} id
 * @property {string} channel
 * @property {number} takenAt on the clock of `performance.now()`
 * @property {number} order of arrival; a picture never replaces one that came later
 * @property {ImageBitmap} bitmap
 */

/** The channel of the student's own computer. */
export const WEBCAM = "webcam";

/** The server waits for our answer before it sends more; a slow decoder must not hold up everybody's pictures. */
export const ANSWER_WITHIN_MS = 500;
/** So many pictures are drawn with one frame of the screen; a full page of 49 takes four frames and scrolling stays smooth. */
export const MOST_PER_FRAME = 13;

/**
 * Cut the pictures of one tick apart; what the index says beyond the end of the data is left out.
 * @param {TilesIndex} index
 * @param {ArrayBuffer} data
 * @returns {Slice[]}
 */
export function slices(index, data) {
  const found = [];
  let start = 0;
  for (const [id, , age, bytes, channel = WEBCAM] of index.tiles) {
    if (start + bytes > data.byteLength) break;
    found.push({ id, channel, age, jpeg: new Uint8Array(data, start, bytes) });
    start += bytes;
  }
  return found;
}

/** @param {Uint8Array<ArrayBuffer>} jpeg */
function decodeJpeg(jpeg) {
  return createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
}

export class PictureFeed {
  /**
   * @param {(picture: Picture) => void} draw puts one picture on the screen; the feed closes the bitmap
   * @param {import("./frames.js").FrameBatch} batch
   * @param {(jpeg: Uint8Array<ArrayBuffer>) => Promise<ImageBitmap>} [decode]
   */
  constructor(draw, batch, decode = decodeJpeg) {
    this.draw = draw;
    this.batch = batch;
    this.decode = decode;
    this.arrived = 0;
    /** @type {Map<string, Picture>} */
    this.ready = new Map();
    /** @type {Map<string, number>} */
    this.newest = new Map();
    /** @type {(() => void)[]} */
    this.answers = [];
    this.flush = () => this.drawReady();
  }

  /**
   * @param {TilesIndex} index
   * @param {ArrayBuffer} data
   * @param {() => void} answer tells the server that it may send more
   */
  receive(index, data, answer) {
    const order = (this.arrived += 1);
    const now = performance.now();
    const once = answerOnce(answer);
    const work = slices(index, data).map((slice) => this.decodeSlice(slice, now, order));
    return Promise.all(work).then(() => {
      this.answers.push(once);
      this.batch.ask(this.flush);
    });
  }

  /**
   * @param {Slice} slice
   * @param {number} now
   * @param {number} order
   */
  async decodeSlice(slice, now, order) {
    try {
      const bitmap = await this.decode(slice.jpeg);
      this.keep({ id: slice.id, channel: slice.channel, takenAt: now - slice.age, order, bitmap });
    } catch {
      // A picture that no decoder understands is left out: its tile shows how old the last good one is.
    }
  }

  /** @param {Picture} picture */
  keep(picture) {
    const place = `${picture.id} ${picture.channel}`;
    if ((this.newest.get(place) ?? 0) > picture.order) {
      picture.bitmap.close();
      return;
    }
    this.newest.set(place, picture.order);
    this.ready.get(place)?.bitmap.close();
    this.ready.set(place, picture);
  }

  drawReady() {
    for (const [place, picture] of [...this.ready].slice(0, MOST_PER_FRAME)) {
      this.ready.delete(place);
      this.draw(picture);
      picture.bitmap.close();
    }
    if (this.ready.size > 0) return this.batch.ask(this.flush);
    for (const answer of this.answers.splice(0)) answer();
  }
}

/** @param {() => void} answer */
function answerOnce(answer) {
  let open = true;
  const once = () => {
    clearTimeout(timer);
    if (open) answer();
    open = false;
  };
  const timer = setTimeout(once, ANSWER_WITHIN_MS);
  return once;
}
