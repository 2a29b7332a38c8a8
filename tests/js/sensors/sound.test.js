import assert from "node:assert/strict";
import { test } from "node:test";
import { levelOf, NoiseFloor, QUIETEST, RATE, steadyLevelOf } from "../../../static/js/sensors/sound/loudness.js";
import { Microphone } from "../../../static/js/sensors/sound/microphone.js";
import { Resampler } from "../../../static/js/sensors/sound/resampler.js";
import { meanLevel, SoundGate, toInt16 } from "../../../static/js/sensors/sound/sound_gate.js";

/** A tone. @param {number} seconds @param {number} loud 0 to 1 @param {number} [hertz] @param {number} [rate] */
function tone(seconds, loud, hertz = 400, rate = RATE) {
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, at) => loud * Math.sin((2 * Math.PI * hertz * at) / rate));
}

/** A quiet room: the same noise each time. @param {number} seconds */
function room(seconds) {
  let seed = 1;
  return Float32Array.from({ length: Math.round(seconds * RATE) }, () => {
    seed = (seed * 48271) % 2147483647;
    return (seed / 2147483647 - 0.5) * 0.0008;
  });
}

/** Clicks of keys: a hundredth of a second each. @param {number} seconds @param {number} aSecond */
function typing(seconds, aSecond) {
  const samples = room(seconds);
  for (let at = 0; at < samples.length; at += RATE / aSecond) samples.set(tone(0.012, 0.2, 2500), Math.floor(at));
  return samples;
}

function makeGate() {
  const heard = {
    /** @type {any[]} */
    sounds: [],
    /** @type {any[]} */
    levels: [],
    at: 0,
  };
  const gate = new SoundGate({ onSound: (sound) => heard.sounds.push(sound), onLevel: (level) => heard.levels.push(level), onMeter: () => {} });
  /** As a microphone gives it, in odd pieces. @param {Float32Array} samples */
  const hear = (samples) => {
    for (let at = 0; at < samples.length; at += 683) gate.push(samples.subarray(at, at + 683), heard.at + (at / RATE) * 1000);
    heard.at += (samples.length / RATE) * 1000;
  };
  return { gate, heard, hear, seconds: () => heard.sounds.reduce((sum, { data }) => sum + data.byteLength / 2 / RATE, 0) };
}

test("levels are decibels below full scale", () => {
  assert.ok(Math.abs(levelOf(tone(0.1, 1)) - -3.01) < 0.02);
  assert.ok(Math.abs(levelOf(tone(0.1, 0.1)) - -23.01) < 0.02);
  assert.equal(levelOf(new Float32Array(1600)), QUIETEST);
  assert.ok(levelOf(new Float32Array(1600).fill(0.3)) < -100, "a constant offset is no sound");
  assert.ok(Math.abs(meanLevel([-20, -40]) - -22.97) < 0.02);
});

test("what lasts is told from what clicks", () => {
  assert.ok(steadyLevelOf(tone(0.1, 0.1)) > -25);
  assert.ok(steadyLevelOf(typing(0.1, 10)) < -60);
});

test("the floor is the room's own noise, also while somebody talks", () => {
  const floor = new NoiseFloor();
  for (let at = 0; at < 300; at += 1) floor.add(at % 5 === 0 ? -70 : -25);
  assert.equal(floor.value, -70);
  assert.equal(new NoiseFloor().value, QUIETEST);
});

test("silence costs a level every ten seconds and no sound", () => {
  const { heard, hear } = makeGate();
  hear(room(60));
  assert.equal(heard.sounds.length, 0);
  assert.ok(heard.levels.length >= 6 && heard.levels.length <= 8, String(heard.levels.length));
});

test("sound goes out from half a second before until a little after", () => {
  const { heard, hear, seconds } = makeGate();
  hear(room(5));
  hear(tone(2, 0.1));
  hear(room(5));
  const [first] = heard.sounds;
  const last = heard.sounds[heard.sounds.length - 1];
  assert.ok(first.at <= 4600 && first.at >= 4300, `begins at ${first.at}`);
  const end = last.at + (last.data.byteLength / 2 / RATE) * 1000;
  assert.ok(end >= 7600 && end <= 8200, `ends at ${end}`);
  assert.ok(Math.abs(seconds() * 1000 - (end - first.at)) < 1, "without a hole");
  assert.ok(heard.sounds.every(({ why }) => why === "activity"));
  assert.ok(heard.sounds.every(({ data }) => data.byteLength <= 32_000 && data.byteLength >= 8000), "a quarter of a second to one second");
});

test("a knock and single keys do not open the gate", () => {
  const { heard, hear } = makeGate();
  hear(typing(20, 3));
  hear(tone(0.08, 0.5));
  hear(room(3));
  assert.equal(heard.sounds.length, 0);
});

test("a noise that stays becomes the room's own", () => {
  const { hear, seconds } = makeGate();
  hear(room(5));
  hear(tone(60, 0.05));
  const before = seconds();
  hear(tone(20, 0.05));
  assert.ok(before < 40, `${before} s of a fan were sent`);
  assert.equal(seconds(), before);
});

test("while a teacher listens everything goes out, and says why", () => {
  const { gate, heard, hear, seconds } = makeGate();
  gate.listen(true);
  hear(room(3));
  assert.equal(seconds(), 3);
  assert.ok(heard.sounds.every(({ why }) => why === "listening"));
  gate.listen(false);
  hear(room(3));
  assert.equal(seconds(), 3);
});

test("a level that jumps is told, at most once a second", () => {
  const { heard, hear } = makeGate();
  hear(room(3));
  hear(typing(10, 4));
  const gaps = heard.levels.slice(1).map(({ at }, index) => at - heard.levels[index].at);
  assert.ok(gaps.length > 0 && gaps.every((gap) => gap >= 1000), String(gaps));
});

test("samples become whole numbers, and too loud ones are cut", () => {
  const view = new DataView(toInt16([Float32Array.of(0, 1, -1), Float32Array.of(2, -2)]));
  assert.deepEqual([0, 2, 4, 6, 8].map((at) => view.getInt16(at, true)), [0, 32767, -32767, 32767, -32768]);
});

for (const rate of [48_000, 44_100, 22_050, 8000]) {
  test(`sound at ${rate} Hz becomes the same sound at 16 kHz`, () => {
    const resampler = new Resampler(rate, RATE);
    const given = tone(1, 0.5, 1000, rate);
    const parts = [];
    for (let at = 0; at < given.length; at += 1000) parts.push(resampler.push(given.subarray(at, at + 1000)));
    const made = Float32Array.from(parts.flatMap((part) => [...part]));
    assert.ok(Math.abs(made.length - RATE) < 100, String(made.length));
    const wanted = tone(1, 0.5, 1000);
    const middle = made.subarray(2000, 12_000);
    const error = middle.map((value, at) => value - wanted[at + 2000]);
    assert.ok(levelOf(error) < levelOf(wanted) - 50, `error of ${levelOf(error)} dBFS`);
  });
}

test("what 16 kHz cannot hold is taken away and does not come back as another tone", () => {
  const made = new Resampler(48_000, RATE).push(tone(0.5, 0.5, 11_000, 48_000));
  assert.ok(levelOf(made.subarray(500)) < -60, String(levelOf(made.subarray(500))));
});

test("sound at the right rate is passed on as it is", () => {
  const samples = tone(0.1, 0.5);
  assert.equal(new Resampler(RATE, RATE).push(samples), samples);
});

/** A microphone in a fake browser. @param {Error | null} [refusal] */
function makeMicrophone(refusal = null) {
  const given = {
    time: 1_700_000_000_000,
    /** @type {string[]} */
    states: [],
    /** @type {any[]} */
    sounds: [],
    /** @type {boolean[]} */
    sending: [],
    stopped: 0,
    /** @type {(samples: Float32Array, rate: number) => void} */
    hear: () => {},
  };
  const track = Object.assign(new EventTarget(), { stop: () => void (given.stopped += 1) });
  const stream = /** @type {any} */ ({ getAudioTracks: () => [track], getTracks: () => [track] });
  const media = Object.assign(new EventTarget(), {
    getUserMedia: async (/** @type {any} */ wanted) => {
      if (refusal) throw refusal;
      assert.deepEqual([wanted.audio.echoCancellation, wanted.audio.noiseSuppression], [false, false]);
      return stream;
    },
    enumerateDevices: async () => [],
  });
  const world = /** @type {any} */ ({
    media,
    now: () => given.time,
    tap: async (/** @type {any} */ _stream, /** @type {any} */ onSamples) => {
      given.hear = onSamples;
      return { close: () => {}, resume: () => {} };
    },
  });
  const microphone = new Microphone(
    {
      onState: (state) => given.states.push(state),
      onSound: (sound) => given.sounds.push(sound),
      onLevel: () => {},
      onMeter: () => {},
      onSending: (sending) => given.sending.push(sending),
    },
    world,
  );
  /** @param {Float32Array} samples @param {number} rate */
  const say = (samples, rate) => {
    for (let at = 0; at < samples.length; at += 2048) {
      const part = samples.subarray(at, at + 2048);
      given.time += (part.length / rate) * 1000;
      given.hear(part, rate);
    }
  };
  return { microphone, given, say, track };
}

test("the microphone is on when its first sound comes, and the sign follows what is sent", async () => {
  const { microphone, given, say } = makeMicrophone();
  await microphone.start();
  assert.deepEqual(given.states, []);
  say(room(3), RATE);
  say(tone(1, 0.1), RATE);
  assert.deepEqual(given.sending, [true]);
  say(room(4), RATE);
  assert.deepEqual([given.states, given.sending], [["on"], [true, false]]);
  assert.ok(Math.abs(given.sounds[0].at - (1_700_000_000_000 + 2500)) < 250, String(given.sounds[0].at - 1_700_000_000_000));
});

test("a refusal is told from a missing microphone", async () => {
  for (const [name, state] of [["NotAllowedError", "denied"], ["NotFoundError", "none"], ["NotReadableError", "none"]]) {
    const { microphone, given } = makeMicrophone(Object.assign(new Error(name), { name }));
    await microphone.start();
    assert.deepEqual(given.states, [state]);
  }
});

test("a microphone that is pulled out is told, and switched off for good at the end", async () => {
  const { microphone, given, say, track } = makeMicrophone();
  await microphone.start();
  say(room(1), RATE);
  track.dispatchEvent(new Event("ended"));
  assert.deepEqual(given.states, ["on", "none"]);
  microphone.stop();
  assert.deepEqual(given.states, ["on", "none", "off"]);
  assert.ok(given.stopped > 0);
});
