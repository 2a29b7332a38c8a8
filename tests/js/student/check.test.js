import assert from "node:assert/strict";
import { test } from "node:test";
import { browserOf, cameraHelp, cameraTitle } from "../../../static/js/student/check/camera_help.js";
import { Meter } from "../../../static/js/student/check/meter.js";
import { measure } from "../../../static/js/student/check/probe.js";
import { mayGo, verdicts } from "../../../static/js/student/check/verdicts.js";

/** @param {Partial<import("../../../static/js/student/check/verdicts.js").Facts>} news */
function judge(news) {
  const look = { picture: "ok", faces: 1 };
  return verdicts({ camera: "on", browser: "chrome", look, lookWait: 1, analysed: true, speed: { roundTrip: 20, kbits: 4000 }, ...news });
}

/** @param {ReturnType<typeof judge>} all */
const marks = (all) => Object.entries(all).map(([name, { mark }]) => `${name} ${mark}`).join(", ");

test("all is well with one face in a clear picture", () => {
  assert.equal(marks(judge({})), "camera good, connection good, picture good, face good");
  assert.equal(mayGo(judge({}), 0), "yes");
});

test("trouble with the picture is not trouble with the camera", () => {
  const all = judge({ look: { picture: "dark", faces: null } });
  assert.equal(all.camera.mark, "good");
  assert.equal(all.picture.mark, "bad");
  assert.ok(all.picture.help?.length);
});

test("nobody is locked out: after an honest try the way is open", () => {
  const all = judge({ look: { picture: "ok", faces: 0 } });
  assert.equal(all.face.mark, "bad");
  assert.equal(mayGo(all, 5), "no");
  assert.equal(mayGo(all, 15), "anyway");
  assert.equal(mayGo(judge({ camera: "denied" }), 20), "anyway");
});

test("a server that looks at no pictures does not hold the student up", () => {
  const early = judge({ look: null, lookWait: 2 });
  assert.equal(early.face.mark, "busy");
  const late = judge({ look: null, lookWait: 13 });
  assert.equal(late.face.mark, "unknown");
  assert.equal(mayGo(late, 13), "noted", "not everything works, as far as anybody knows");
});

test("where no pictures are analysed, nobody waits for a look", () => {
  const all = judge({ look: null, lookWait: 0, analysed: false });
  assert.equal(marks(all), "camera good, connection good, picture unknown, face unknown");
  assert.equal(mayGo(all, 0), "noted");
});

test("a slow connection is said and does not hold the student up", () => {
  const all = judge({ speed: { roundTrip: 900, kbits: 100 } });
  assert.equal(all.connection.mark, "unknown");
  assert.equal(mayGo(all, 0), "noted");
});

test("every camera state has a sentence, and every trouble has help", () => {
  for (const state of ["asking", "on", "denied", "unplugged", "muted", "none", "busy", "insecure"]) {
    assert.ok(cameraTitle(state), state);
    if (!["asking", "on"].includes(state)) assert.ok(cameraHelp(state, "firefox").length, state);
  }
});

test("browsers are told apart by what they call themselves", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";
  assert.equal(browserOf(chrome), "chrome");
  assert.equal(browserOf(`${chrome} Edg/141.0`), "edge");
  assert.equal(browserOf("Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0"), "firefox");
  assert.equal(browserOf("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/605.1"), "safari");
  assert.equal(browserOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"), "ios");
  assert.equal(browserOf("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"), "android");
});

test("the speed is what the large question takes longer than a small one", async () => {
  let time = 0;
  const ask = async (/** @type {string} */ _event, /** @type {{padding?: string}} */ { padding = "" }) => {
    time += 20 + padding.length / 100; // 100 characters a millisecond = 800 kbit/s
  };
  const speed = await measure(ask, () => time);
  assert.equal(speed.roundTrip, 20);
  assert.equal(Math.round(speed.kbits), 800);
});

test("a way too fast to measure has an upper end", async () => {
  const speed = await measure(async () => {}, () => 0);
  assert.equal(speed.kbits, 20_000);
});

test("the meter counts the last five seconds", () => {
  const meter = new Meter();
  for (let at = 0; at < 10_000; at += 500) meter.add(at, 1000);
  const { fps, kbits } = meter.read(9999);
  assert.equal(Math.round(fps), 2);
  assert.equal(Math.round(kbits), 16);
  assert.equal(meter.read(20_000).fps, 0);
});
