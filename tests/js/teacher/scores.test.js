import assert from "node:assert/strict";
import test from "node:test";

import { recordWords, quietWords } from "../../../static/js/teacher/alerts/feedback.js";
import { LiveRoom } from "../../../static/js/teacher/room/live_room.js";
import { labelTop, marksOf, namesOf } from "../../../static/js/teacher/grid/marks.js";
import { KEPT_MS, linesOf, ScoreLog } from "../../../static/js/teacher/large/score_log.js";
import { attentionLabel, EXEMPTIONS, accommodationLabel, identityLabel, identitySign } from "../../../static/js/teacher/large/score_labels.js";
import { isTelling } from "../../../static/js/teacher/grid/tile_signs.js";
import { partsOf } from "../../../static/js/teacher/alerts/suspicion.js";
import { makeAlert, makeWelcome } from "./makers.js";

const WEIGHTS = { weights: { PHONE_DETECTED: 30, TALKING: 10, CAMERA_BLOCKED: 0 }, factors: { notice: 0, warning: 1, critical: 1.5 }, half_life: 600 };
const SIZE = { width: 100, height: 54 };

/** @param {[string, Partial<import("../../../static/js/teacher/room/types.js").Alert>][]} given */
function suspicious(...given) {
  return partsOf(given.map(([kind, about], at) => makeAlert(String(at), { kind, ...about })), WEIGHTS, 600_000);
}

test("suspicion is a sum that anyone can do again", () => {
  const parts = suspicious(
    ["PHONE_DETECTED", {}],
    ["PHONE_DETECTED", { severity: "warning", ended_at: 0 }],
    ["TALKING", { severity: "warning" }],
  );
  assert.deepEqual(parts, [{ kind: "PHONE_DETECTED", count: 2, points: 60 }, { kind: "TALKING", count: 1, points: 10 }]);
});

test("what was dismissed, a notice and what cannot be seen add nothing", () => {
  assert.deepEqual(suspicious(["PHONE_DETECTED", { verdict: "dismissed" }], ["TALKING", { severity: "notice" }], ["CAMERA_BLOCKED", {}]), []);
});

test("the newest score counts, and the last minutes are kept", () => {
  const log = new ScoreLog();
  log.take([["anna", 90, "focused", 0]], 0);
  log.take([["anna", 20, "away", 40], ["bob", null, null, 0]], KEPT_MS + 1);
  assert.deepEqual(log.of("anna"), { score: 20, label: "away", suspicion: 40 });
  assert.equal(log.of("nobody").suspicion, 0);
  assert.deepEqual(log.pastOf("anna"), [{ at: KEPT_MS + 1, score: 20 }]);
});

test("while the exam does not run, nobody's attention is shown", () => {
  const live = new LiveRoom(makeWelcome().room);
  live.setScores([["anna", 80, "focused", 12]]);
  assert.equal(live.scoreOf("anna").score, 80);
  live.setRoom({ ...live.room, state: "paused" });
  assert.deepEqual(live.scoreOf("anna"), { score: null, label: null, suspicion: 12 });
});

test("a tile tells of attention where it wanders, and says nothing of calm ones and of empty chairs", () => {
  assert.ok(isTelling({ score: 55, label: "distracted" }, "live"));
  assert.ok(isTelling({ score: 10, label: "away" }, "live"));
  assert.ok(!isTelling({ score: 92, label: "focused" }, "live"), "calm");
  assert.ok(!isTelling({ score: null, label: null }, "live"), "no face");
  for (const state of ["stale", "blind", "offline", "starting"]) assert.ok(!isTelling({ score: 10, label: "away" }, state), state);
});

test("a line is broken where attention was not known", () => {
  const points = [{ at: 0, score: 100 }, { at: KEPT_MS / 2, score: null }, { at: KEPT_MS * 0.75, score: 0 }];
  assert.deepEqual(linesOf(points, KEPT_MS, SIZE), [[[0, 2], [50, 2]], [[75, 52], [100, 52]]]);
});

test("only whole boxes are drawn, and each thing is named once", () => {
  const marks = marksOf(makeAlert("a", { numbers: { marks: [["cell phone", 1, 2, 3, 4], ["book", 1, 2], ["cell phone", 5, 5, 5, 5], ["tv", 1, 2, 3, null]] } }));
  assert.equal(marks.length, 2);
  assert.equal(namesOf(marks), "Phone");
  assert.deepEqual(marksOf(makeAlert("b")), []);
  assert.deepEqual([labelTop(50, 20), labelTop(5, 20)], [30, 5], "a label that does not fit above stands inside");
});

test("how often a kind was right is said, and why it is quiet", () => {
  assert.equal(recordWords({ right: 7, wrong: 2, quiet: false }), "This kind was right 7 of 9 times here.");
  assert.match(recordWords(undefined), /Nobody/);
  assert.match(quietWords({ right: 1, wrong: 5, quiet: true, by: "rule" }), /right 1 of 6/);
  assert.equal(quietWords({ right: 0, wrong: 1, quiet: true, by: "Ana" }), "Muted by Ana.");
});

test("every state has words, and a sign where it is shown", () => {
  for (const identity of ["enrolled", "authorized", "unsure", "mismatch"]) assert.ok(identitySign(identity) && identityLabel(identity));
  assert.equal(identitySign("unknown"), "");
  assert.equal(new Set(["focused", "distracted", "away", null].map(attentionLabel)).size, 4);
  assert.equal(new Set(EXEMPTIONS.map(accommodationLabel)).size, EXEMPTIONS.length);
});
