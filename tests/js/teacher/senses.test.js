import assert from "node:assert/strict";
import test from "node:test";

import { clockTime } from "../../../static/js/shared/i18n.js";
import { slices } from "../../../static/js/teacher/grid/picture_feed.js";
import { listeningPosts } from "../../../static/js/teacher/large/large_sensor_levels.js";
import { AHEAD_S, Listening, MOST_BEHIND_S, samplesOf, startOf } from "../../../static/js/teacher/large/listening.js";
import { channelLabel, conditionLines, healthWords, phoneTone, phoneWords, roleSign } from "../../../static/js/teacher/large/phone_labels.js";
import { ScoreLog } from "../../../static/js/teacher/large/score_log.js";
import { SOUND_LASTS_MS, SenseLog, isSpeech, loudness } from "../../../static/js/teacher/large/sensor_log.js";
import { isRole, learnRoles, roleOf } from "../../../static/js/shared/phone_roles.js";
import { ARM } from "./makers.js";

learnRoles([ARM]);

/** @param {Partial<import("../../../static/js/teacher/room/types.js").Phone>} changed */
function phone(changed = {}) {
  return { role: "arm", required: true, state: "connected", healthy: true, problems: [], ...changed };
}

test("a phone is called what its role says, and the computer by its own name", () => {
  assert.deepEqual([channelLabel("arm"), roleSign("arm"), roleOf("arm")], [ARM.title, ARM.sign, ARM]);
  assert.deepEqual([channelLabel("webcam"), roleSign("webcam"), isRole("webcam")], ["Computer", "laptop", false]);
});

test("a role that the server no longer knows films nothing and is named by its key", () => {
  assert.deepEqual([roleOf("foot").title, roleOf("foot").films], ["foot", false]);
});

test("the pictures of a phone keep their channel, a webcam's is the usual one", () => {
  const index = { tick: 1, server_time: 0, tiles: /** @type {any} */ ([["anna", 1, 5, 2], ["anna", 9, 5, 2, "head"]]) };
  assert.deepEqual(slices(index, new ArrayBuffer(4)).map(({ id, channel }) => [id, channel]), [["anna", "webcam"], ["anna", "head"]]);
});

test("the newest of arm and sound is known, and the arm's past", () => {
  const log = new SenseLog(new ScoreLog());
  log.take({ arms: [["anna", 10, "calm", false, 0.1]] }, 1_000);
  log.take({ arms: [["anna", 60, "reaching", true, 2.5]], sounds: [["anna", "arm", -30, -60, 0.1], ["anna", "webcam", -50, -62, 0.9]] }, 2_000);
  assert.deepEqual(log.armOf("anna"), { level: 60, family: "reaching", explained: true });
  assert.deepEqual(log.past.pastOf("anna").map(({ score }) => score), [10, 60]);
  assert.deepEqual(log.soundsOf("anna", 2_500).map(({ channel }) => channel), ["webcam", "arm"]);
  assert.deepEqual([log.armOf("bob"), log.soundsOf("bob", 2_500)], [null, []]);
});

test("a sound that nothing is said of any more is over", () => {
  const log = new SenseLog(new ScoreLog());
  log.take({ sounds: [["anna", "webcam", -30, -60, null]] }, 0);
  assert.equal(log.soundsOf("anna", SOUND_LASTS_MS).length, 1);
  assert.equal(log.soundsOf("anna", SOUND_LASTS_MS + 1).length, 0);
});

test("loudness is measured from the room's own floor and stays within bounds", () => {
  assert.equal(loudness({ level: -60, floor: -60 }), 0);
  assert.equal(loudness({ level: -40, floor: -60 }), 0.5);
  assert.equal(loudness({ level: 0, floor: -90 }), 1);
  assert.equal(loudness({ level: -90, floor: -60 }), 0);
  assert.deepEqual([isSpeech({ speech: null }), isSpeech({ speech: 0.4 }), isSpeech({ speech: 0.5 })], [false, false, true]);
});

test("a phone's tone and words come from its state, health and problems", () => {
  assert.equal(phoneTone(phone()), "good");
  const poor = phone({ healthy: false, problems: ["screen_locked", "battery_low"] });
  assert.deepEqual([phoneTone(poor), phoneWords(poor)], ["poor", "the screen may lock, battery is low"]);
  assert.equal(phoneTone(phone({ state: "lost" })), "lost");
  assert.equal(phoneWords(phone({ state: "missing" })), "Missing, and required");
  assert.equal(phoneWords(phone({ state: "missing", required: false })), "Not there");
});

test("health says battery, network and what the camera proves", () => {
  const words = healthWords(phone({ battery: 0.456, charging: true, network: "4g", proof: { state: "seen", latency_ms: 640 } }));
  assert.equal(words, "battery 46 %, charging · 4g · films this exam page, 0.6 s behind");
  assert.equal(healthWords(phone()), "");
});

test("surroundings that nothing is known of have no line", () => {
  const student = /** @type {any} */ ({ id: "anna" });
  assert.deepEqual(conditionLines(student), []);
  const known = { ...student, conditions: { light: { lux: null, luminance: 20 }, sound_floor: -55.4, noise: { channel: "arm", since: Date.UTC(2026, 10, 20, 9), level: -20 }, place: { state: "unknown" }, room_motion: true } };
  assert.deepEqual(conditionLines(known), [
    ["Light", "dark"],
    ["Background noise", "-55 dB"],
    ["Loud", `since ${clockTime(Date.UTC(2026, 10, 20, 9))} (Phone on the arm)`],
    ["Place", "not known, which proves nothing"],
    ["Phone in the room", "was moved"],
  ]);
});

test("one listens where a microphone is on or was heard", () => {
  const phones = [phone({ role: "arm", microphone: "on" }), phone({ role: "head", microphone: "off" }), phone({ role: "room", state: "lost", microphone: "on" })];
  const student = /** @type {any} */ ({ microphone: "on", phones });
  assert.deepEqual(listeningPosts(student, []), ["webcam", "arm"]);
  assert.deepEqual(listeningPosts({ ...student, microphone: "denied", phones: [] }, ["room"]), ["room"]);
});

test("samples are read as little-endian 16 bit, half a sample is left out", () => {
  const data = new Uint8Array([0, 128, 255, 127, 7]).buffer;
  const [least, most, ...more] = samplesOf(data);
  assert.deepEqual([least, Math.round(most * 1000), more.length], [-1, 1000, 0]);
});

test("chunks play one after the other, never in the past, and never far behind", () => {
  assert.equal(startOf(0, 10), 10 + AHEAD_S);
  assert.equal(startOf(10.2, 10), 10.2);
  assert.equal(startOf(10 + MOST_BEHIND_S + 0.1, 10), null);
});

test("a teacher listens to one channel at a time, and refusals end it", async () => {
  const context = { currentTime: 0, close: async () => {} };
  globalThis.AudioContext = /** @type {any} */ (class { constructor() { return context; } });
  /** @type {any[]} */
  const asked = [];
  /** @type {unknown[]} */
  const problems = [];
  let refuse = false;
  const listening = new Listening(async (_event, payload) => {
    asked.push([payload.participant, payload.channel, payload.on]);
    if (refuse) throw new Error("not allowed");
  }, (problem) => problems.push(problem), () => {});
  await listening.set("anna", "webcam", true);
  await listening.set("bob", "arm", true);
  assert.deepEqual([listening.channelOf("anna"), listening.channelOf("bob")], [null, "arm"]);
  assert.deepEqual(asked, [["anna", "webcam", true], ["anna", "webcam", false], ["bob", "arm", true]]);
  refuse = true;
  await listening.set("cleo", "webcam", true);
  assert.equal(listening.channelOf("cleo"), null);
  assert.equal(problems.length, 1);
});
