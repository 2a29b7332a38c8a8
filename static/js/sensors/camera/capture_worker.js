// A thread of its own for pictures: its timer keeps the beat when the tab is in the background, where the page's does not.

import { CaptureLoop } from "./capture_loop.js";
import { AskedSource, StreamSource } from "./capture_sources.js";

/** @typedef {{postMessage(message: any, transfer?: Transferable[]): void, onmessage: ((e: MessageEvent) => void) | null}} Scope */
const scope = /** @type {Scope} */ (/** @type {unknown} */ (self));

/** @type {CaptureLoop | null} */
let loop = null;
/** @type {AskedSource | null} */
let asked = null;
/** @type {OffscreenCanvas | null} */
let canvas = null;

/** @type {import("./capture_loop.js").Encode} */
async function encode(picture, width, height, quality) {
  if (picture.source instanceof ArrayBuffer) return picture.source; // the page has no canvas for us and encoded it
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  pen.drawImage(picture.source, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  return blob.arrayBuffer();
}

/** @param {number} firstSeq */
function open(firstSeq) {
  loop = new CaptureLoop(
    {
      now: () => Date.now(),
      later: (run, ms) => Number(setTimeout(run, ms)),
      never: (handle) => clearTimeout(handle),
      post: (message, transfer = []) => scope.postMessage(message, transfer),
      encode,
    },
    firstSeq,
  );
  return loop;
}

/** @param {any} message */
function useSource(message) {
  asked = null;
  if (message.readable) return new StreamSource(message.readable, () => Date.now());
  if (!message.ask) return null;
  asked = new AskedSource(() => {
    const pacer = /** @type {CaptureLoop} */ (loop).pacer;
    scope.postMessage({ type: "want", width: pacer.width, quality: pacer.quality });
  });
  return asked;
}

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  const capture = loop ?? open(data.firstSeq ?? 0);
  if (data.type === "source") capture.use(useSource(data));
  else if (data.type === "plan") capture.obey(data.plan);
  else if (data.type === "run") capture.run(data.on);
  else if (data.type === "answer") capture.answered(data.seq, data.retryAfter);
  else if (data.type === "thumbnail answer") capture.thumbnailAnswered(data.seq, data.retryAfter);
  else if (data.type === "given") asked?.give(data.picture, data.width, data.height, data.takenAt);
};
