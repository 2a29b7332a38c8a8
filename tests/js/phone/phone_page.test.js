import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

register("../static_resolver.mjs", import.meta.url);
const { phoneCodeShown } = await import("../../../static/js/pages/phone_join.js");
const { EVERY_MS, HealthReport, networkOf, orientationOf } = await import("../../../static/js/phone/health.js");
const { isStarting, lacksOf } = await import("../../../static/js/phone/mending.js");
const { ENDINGS, ENDS, stepOf } = await import("../../../static/js/phone/steps.js");

/** @param {Partial<import("../../../static/js/phone/steps.js").Situation>} news */
function step(news) {
  return stepOf({ connection: "connected", problem: null, welcomed: true, started: true, room: "running", admission: null, left: false, ...news });
}

test("a phone is started by its owner and then lives", () => {
  assert.equal(step({ connection: "connecting", welcomed: false, started: false }), "connecting");
  assert.equal(step({ started: false }), "start");
  assert.equal(step({}), "live");
  assert.equal(step({ connection: "reconnecting" }), "live", "a lost network does not end it");
  assert.equal(step({ connection: "reconnecting", problem: "room_full" }), "live");
});

test("the endings of a phone are told apart", () => {
  assert.equal(step({ connection: "replaced" }), "replaced");
  assert.equal(step({ room: "ended" }), "over");
  assert.equal(step({ admission: "removed" }), "over");
  assert.equal(step({ connection: "refused", problem: "room_ended" }), "over");
  assert.equal(step({ connection: "refused", problem: "unpaired" }), "lost");
  assert.equal(step({ connection: "refused", problem: "ticket_invalid" }), "lost");
  assert.equal(step({ connection: "closed" }), "closed");
  assert.equal(step({ connection: "closed", left: true }), "left");
  for (const end of ENDS) assert.ok(ENDINGS[end].text, end);
});

const ARM = { camera: false, motion: true, microphone: false, place: false };

/** @param {Partial<import("../../../static/js/phone/mending.js").Facts>} news @returns {import("../../../static/js/phone/mending.js").Facts} */
function facts(news) {
  const needs = { camera: true, motion: true, microphone: true, place: true };
  const well = /** @type {const} */ ({ camera: "on", motion: "on", microphone: "on", place: "known", awake: "kept", battery: 0.8, charging: false, proof: "seen" });
  return { needs, browser: "android", online: true, secure: true, ...well, ...news };
}

const names = (/** @type {any} */ news) => lacksOf(facts(news)).map(({ name, weight }) => `${weight} ${name}`);

test("a phone that has everything lacks nothing", () => {
  assert.deepEqual(names({}), []);
});

test("each trouble is named, what blocks before what does not", () => {
  assert.deepEqual(names({ camera: "denied", microphone: "denied" }), ["bad camera", "bad microphone"]);
  assert.deepEqual(names({ needs: ARM, motion: "none" }), ["bad motion"]);
  assert.deepEqual(names({ motion: "none" }), ["note motion"], "a phone that films does without");
  assert.deepEqual(names({ awake: "unsupported", battery: 0.1 }), ["bad battery", "note awake"]);
  assert.deepEqual(names({ battery: 0.1, charging: true }), []);
  assert.deepEqual(names({ place: "denied", online: false }), ["bad offline", "note place"]);
  assert.deepEqual(names({ proof: "not_seen" }), ["note proof"]);
});

test("a phone is not asked for what its role does not need", () => {
  assert.deepEqual(names({ needs: ARM, camera: "denied", microphone: "denied", place: "denied" }), []);
});

test("what starts is not called broken", () => {
  assert.deepEqual(names({ camera: "asking", motion: "off" }), []);
  assert.equal(isStarting(facts({ camera: "asking" })), true);
  assert.equal(isStarting(facts({ motion: "off" })), true);
  assert.equal(isStarting(facts({})), false);
});

test("every trouble has a title and a way to mend it, on every system", () => {
  for (const browser of /** @type {const} */ (["ios", "android", "safari", "firefox", "chrome", "edge"])) {
    for (const camera of ["denied", "none", "busy", "muted", "unplugged", "insecure"]) {
      for (const { title, help } of lacksOf(facts({ browser, camera, motion: "denied", microphone: "none", awake: "lost", place: "denied" }))) {
        assert.ok(title && help.every(Boolean) && help.length > 0, `${browser} ${camera}`);
      }
    }
  }
});

test("a refusal of movement is explained as the phone's own system words it", () => {
  const helpOf = (/** @type {any} */ news) => lacksOf(facts({ needs: ARM, motion: "denied", ...news }))[0].help.join(" ");
  assert.match(helpOf({ browser: "ios" }), /Safari/);
  assert.match(helpOf({ browser: "android" }), /Chrome/);
  assert.match(lacksOf(facts({ needs: ARM, motion: "none", secure: false }))[0].help[0], /https/);
});

function makeReport() {
  const world = {
    isOpen: true,
    /** @type {any[]} */
    told: [],
    health: /** @type {any} */ ({ battery: 0.5 }),
    /** @type {(() => void)[]} */
    soon: [],
    /** @type {{run: () => void, ms: number}[]} */
    again: [],
  };
  const later = (/** @type {() => void} */ run) => world.soon.push(run);
  const every = (/** @type {() => void} */ run, /** @type {number} */ ms) => world.again.push({ run, ms });
  const tell = (/** @type {any} */ health) => world.isOpen && world.told.push({ ...health }) > 0;
  const report = new HealthReport(() => world.health, tell, { later, every });
  return { world, report };
}

test("health is told when it changes, several changes at once", () => {
  const { world, report } = makeReport();
  report.changed();
  report.changed();
  assert.equal(world.soon.length, 1);
  world.soon.pop()?.();
  report.changed();
  world.soon.pop()?.();
  assert.deepEqual(world.told, [{ battery: 0.5 }], "the same is not told twice");
  world.health = { battery: 0.4 };
  report.changed();
  world.soon.pop()?.();
  assert.equal(world.told.length, 2);
});

test("what could not be told is told as soon as it can be", () => {
  const { world, report } = makeReport();
  world.isOpen = false;
  report.changed();
  world.soon.pop()?.();
  world.isOpen = true;
  report.changed();
  world.soon.pop()?.();
  assert.equal(world.told.length, 1);
});

test("health is told every fifteen seconds, changed or not", () => {
  const { world } = makeReport();
  assert.equal(world.again[0].ms, EVERY_MS);
  world.again[0].run();
  world.again[0].run();
  assert.equal(world.told.length, 2);
});

test("how a phone is held and how it is connected", () => {
  assert.equal(orientationOf({ type: "landscape-primary" }, true), "landscape");
  assert.equal(orientationOf(undefined, true), "portrait");
  assert.equal(networkOf({ type: "wifi", effectiveType: "4g" }), "wifi");
  assert.equal(networkOf({ type: "unknown", effectiveType: "4g" }), "4g");
  assert.equal(networkOf(undefined), null);
});

test("a phone's code is tidied up as it is typed", () => {
  assert.equal(phoneCodeShown("abcd-efgh"), "ABCD EFGH");
  assert.equal(phoneCodeShown(" ab c"), "ABC");
  assert.equal(phoneCodeShown("ABCD EFGH JK"), "ABCD EFGH");
});
