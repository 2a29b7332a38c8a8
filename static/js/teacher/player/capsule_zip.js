// Takes a capsule apart: a ZIP without compression, as the server makes it.

const LOCAL = 0x04034b50;
const HEAD_BYTES = 30;

/**
 * The files of a capsule by name.
 * @param {ArrayBuffer} buffer
 * @returns {Map<string, Uint8Array<ArrayBuffer>>} throws for what is no such ZIP
 */
export function unpacked(buffer) {
  const data = new DataView(buffer);
  const files = new Map();
  let at = 0;
  while (at + HEAD_BYTES <= buffer.byteLength && data.getUint32(at, true) === LOCAL) {
    const size = data.getUint32(at + 18, true);
    const begin = at + HEAD_BYTES + data.getUint16(at + 26, true) + data.getUint16(at + 28, true);
    const isStored = data.getUint16(at + 8, true) === 0;
    if (!isStored || begin + size > buffer.byteLength) throw new Error("This is no capsule");
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + HEAD_BYTES, data.getUint16(at + 26, true)));
    files.set(name, new Uint8Array(buffer, begin, size));
    at = begin + size;
  }
  if (!files.size) throw new Error("This is no capsule");
  return files;
}
