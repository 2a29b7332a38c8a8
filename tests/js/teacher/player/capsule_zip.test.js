import assert from "node:assert/strict";
import test from "node:test";

import { unpacked } from "../../../../static/js/teacher/player/capsule_zip.js";

/** The head of a file of a ZIP without compression, then its data. @param {string} name @param {string} content @param {number} [method] */
function file(name, content, method = 0) {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(method, 8);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name + content)]);
}

/** @param {...Buffer} parts */
function zip(...parts) {
  const joined = Buffer.concat([...parts, Buffer.from("PK\u0001\u0002 and what follows")]);
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length);
}

test("a capsule is its files by name", () => {
  const files = unpacked(zip(file("manifest.json", "{}"), file("pictures/0001-webcam.jpg", "picture")));
  assert.deepEqual([...files.keys()], ["manifest.json", "pictures/0001-webcam.jpg"]);
  assert.equal(new TextDecoder().decode(files.get("pictures/0001-webcam.jpg")), "picture");
});

test("what is no capsule is refused", () => {
  assert.throws(() => unpacked(new ArrayBuffer(0)));
  assert.throws(() => unpacked(zip(Buffer.from("<!doctype html>, a page that asks to log in"))));
  assert.throws(() => unpacked(zip(file("manifest.json", "{}", 8))), "compressed");
  const cut = zip(file("manifest.json", "{}".repeat(100)));
  assert.throws(() => unpacked(cut.slice(0, 60)));
});
