// Gives the worker one picture when it asks, in browsers where it cannot read the camera itself.

/** @typedef {(message: Record<string, any>, transfer: Transferable[]) => void} Post */

export class FrameGiver {
  /** @param {Post} post */
  constructor(post) {
    this.post = post;
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.lastTime = -1;
    /** @type {HTMLCanvasElement | null} */
    this.canvas = null;
  }

  /** Answer one request of the worker. @param {number} width @param {number} quality */
  async give(width, quality) {
    const picture = await this.#take(width, quality).catch(() => null);
    const { videoWidth = 0, videoHeight = 0 } = this.video ?? {};
    const about = { width: videoWidth, height: videoHeight, takenAt: Date.now() };
    this.post({ type: "given", picture, ...about }, picture ? [picture] : []);
  }

  /** @param {number} width @param {number} quality @returns {Promise<ImageBitmap | ArrayBuffer | null>} */
  async #take(width, quality) {
    const video = this.video;
    if (!video || video.readyState < video.HAVE_CURRENT_DATA || !video.videoWidth) return null;
    if (video.currentTime === this.lastTime) return null; // nothing new since the last one
    this.lastTime = video.currentTime;
    if ("OffscreenCanvas" in globalThis) return createImageBitmap(video);
    return this.#encodeHere(video, Math.min(width, video.videoWidth), quality);
  }

  /** @param {HTMLVideoElement} video @param {number} width @param {number} quality */
  async #encodeHere(video, width, quality) {
    const canvas = (this.canvas ??= document.createElement("canvas"));
    canvas.width = width;
    canvas.height = Math.round((video.videoHeight * width) / video.videoWidth);
    canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => {
      canvas.toBlob(resolve, "image/jpeg", quality);
    });
    return blob ? blob.arrayBuffer() : null;
  }
}
