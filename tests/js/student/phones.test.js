import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

register("../static_resolver.mjs", import.meta.url);
const { furtherProblems, proofWords, sayingOf } = await import("../../../static/js/shared/phone_labels.js");
const { learnArm, PHASES, SECONDS } = await import("../../../static/js/student/check/arm_guide.js");
const { partsOf, phoneParts } = await import("../../../static/js/student/check/check_parts.js");
const { barsOf } = await import("../../../static/js/student/phones/marker.js");
const { addressToType, codeInHalves, renewAfter } = await import("../../../static/js/student/phones/pairing_card.js");
const { troubleOf } = await import("../../../static/js/student/phones/phones_panel.js");
const { hasArrived, nextToPair, stillMissing } = await import("../../../static/js/student/phones/phones_step.js");
const { senseVerdicts } = await import("../../../static/js/student/phones/sensor_verdicts.js");

/** @typedef {import("../../../static/js/shared/phone_labels.js").PhoneView} PhoneView */

/** @param {Partial<PhoneView>} news @returns {PhoneView} */
function phone(news = {}) {
  return { role: "arm", required: true, state: "connected", healthy: true, problems: [], proof: null, ...news };
}

test("the code of the first phone that is needed and away is shown", () => {
  const optional = phone({ role: "head", required: false, state: "missing" });
  assert.equal(nextToPair([optional, phone({ role: "room", state: "missing" })]), "room");
  assert.equal(nextToPair([phone({ state: "lost", healthy: false })]), "arm");
  assert.equal(nextToPair([phone({ state: "paired", healthy: false }), optional]), null);
});

test("nobody goes on before every needed phone is well", () => {
  const phones = [phone({ healthy: false, problems: ["no_motion"] }), phone({ role: "head" }), phone({ role: "room", required: false, state: "missing" })];
  assert.deepEqual(stillMissing(phones), ["arm"]);
});

test("a poor battery and a refused microphone keep nobody out", () => {
  const spared = phone({ healthy: false, problems: ["no_microphone", "battery_low"] });
  const grave = phone({ role: "head", healthy: false, problems: ["no_microphone", "hidden"] });
  const unheard = phone({ role: "room", healthy: false });
  assert.deepEqual(stillMissing([spared, grave, unheard]), ["head", "room"]);
});

test("a phone has arrived when it was away, or when another takes its place", () => {
  const state = (/** @type {PhoneView["state"]} */ now) => phone({ state: now });
  assert.equal(hasArrived(state("missing"), state("paired")), true);
  assert.equal(hasArrived(state("lost"), state("connected")), true);
  assert.equal(hasArrived(state("connected"), state("connected")), false, "the old one only told of its battery");
  assert.equal(hasArrived(state("connected"), state("paired")), true);
  assert.equal(hasArrived(state("paired"), state("connected")), false);
});

test("every state and problem of a phone has words", () => {
  for (const state of /** @type {const} */ (["missing", "paired", "lost"])) assert.ok(sayingOf(phone({ state, healthy: false })).text);
  const codes = ["offline", "no_camera", "no_motion", "no_microphone", "screen_locked", "battery_low", "silent", "hidden"];
  const texts = new Set(codes.map((code) => sayingOf(phone({ healthy: false, problems: [code] })).text));
  assert.equal(texts.size, codes.length);
  assert.ok(sayingOf(phone({ healthy: false, problems: ["new one"] })).text);
  assert.equal(furtherProblems(phone({ healthy: false, problems: ["silent", "hidden", "new one"] })).length, 1);
});

test("a phone that is there but was not started yet is not called broken", () => {
  assert.equal(sayingOf(phone({ healthy: false, problems: ["silent"], awake: null })).mark, "busy");
  assert.equal(sayingOf(phone({ healthy: false, problems: ["silent"], awake: "kept" })).mark, "bad");
});

test("a phone that is not needed is no trouble while it was never there", () => {
  assert.equal(sayingOf(phone({ required: false, state: "missing", healthy: false })).mark, "unknown");
  assert.equal(troubleOf(phone({ required: false, state: "missing", healthy: false })), null);
  assert.equal(troubleOf(phone()), null);
  assert.ok(troubleOf(phone({ state: "lost", healthy: false, problems: ["offline"] })));
  assert.ok(troubleOf(phone({ healthy: false, problems: ["battery_low"] })));
});

test("what the phone's camera sees of the screen is said, unless it is not known", () => {
  assert.match(proofWords(phone({ role: "head", proof: { state: "seen" } })) ?? "", /sees your screen/);
  assert.match(proofWords(phone({ role: "head", proof: { state: "not_seen" } })) ?? "", /Turn/);
  assert.equal(proofWords(phone({ role: "head", proof: { state: "unknown" } })), null);
});

test("a code is renewed before it expires, and never in a hurry", () => {
  assert.equal(renewAfter(1_000_000, 700_000), 280_000);
  assert.equal(renewAfter(1_000_000, 999_000), 5000);
});

test("code and address are as short as they can be said", () => {
  assert.equal(codeInHalves("ABCDEFGH"), "ABCD EFGH");
  assert.equal(addressToType("https://192.168.1.20:5000/phone/join?t=abc.def"), "https://192.168.1.20:5000/phone");
});

test("the steps follow the room and the phones that are there", () => {
  assert.deepEqual(partsOf(["dots", "pictures", "unknown"]), ["checks", "pictures", "dots"]);
  assert.deepEqual(phoneParts([]), []);
  assert.deepEqual(phoneParts([phone({ state: "missing", healthy: false })]), ["phones"]);
  assert.deepEqual(phoneParts([phone(), phone({ role: "head" })]), ["phones", "arm"]);
  assert.deepEqual(partsOf(["pictures", "arm", "phones"]), ["checks", "phones", "arm", "pictures"]);
});

test("the marker's dark cells become bars inside a white edge", () => {
  const cells = /** @type {(0 | 1)[][]} */ ([[1, 1, 0, 1], [0, 0, 0, 0]]);
  assert.deepEqual(barsOf(cells), [{ x: 1, y: 1, width: 2 }, { x: 4, y: 1, width: 1 }]);
});

/** @param {(phase: string) => any} answer */
function makeServer(answer) {
  const server = {
    /** @type {string[]} */
    phases: [],
    waited: 0,
    wanted: true,
    ask: async (/** @type {string} */ _event, /** @type {any} */ { phase }) => {
      server.phases.push(phase);
      const given = answer(phase);
      if (given instanceof Error) throw given;
      return given;
    },
    world: { pause: async (/** @type {number} */ ms) => void (server.waited += ms), isWanted: () => server.wanted },
  };
  return server;
}

test("the arm is learnt in twenty seconds of resting, typing and writing", async () => {
  const server = makeServer((phase) => ({ ok: true, learnt: phase === "done", samples: 9, reason: null }));
  /** @type {number[]} */
  const shown = [];
  assert.deepEqual(await learnArm(server.ask, (index) => shown.push(index), server.world), { learnt: true, reason: null });
  assert.deepEqual(server.phases, ["start", ...PHASES.map(({ phase }) => phase), "done"]);
  assert.deepEqual([server.waited, SECONDS, shown.length], [20_000, 20, 20]);
});

test("a server that cannot learn the arm holds nobody up", async () => {
  const server = makeServer(() => new Error("bad_message"));
  assert.equal(await learnArm(server.ask, () => {}, server.world), null);
  assert.equal(server.waited, 0);
});

test("a calibration that was left is told as such", async () => {
  const server = makeServer(() => ({ ok: true, learnt: false, reason: null }));
  assert.equal(await learnArm(server.ask, (_index, passed) => void (server.wanted = passed < 3), server.world), "stopped");
  assert.equal(server.phases.at(-1), "skip");
});

test("microphone and location are lines of the check only where the room asks", () => {
  const browser = /** @type {const} */ ("chrome");
  assert.deepEqual(senseVerdicts({ microphone: null, place: null, browser }), {});
  const marks = (/** @type {any} */ facts) => Object.fromEntries(Object.entries(senseVerdicts({ browser, ...facts })).map(([name, { mark }]) => [name, mark]));
  assert.deepEqual(marks({ microphone: "denied", place: "denied" }), { microphone: "bad", place: "unknown" });
  assert.deepEqual(marks({ microphone: "on", place: "known" }), { microphone: "good", place: "good" });
});
