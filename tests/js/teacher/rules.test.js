import assert from "node:assert/strict";
import test from "node:test";

import { settingLabel, sourceLabel, sourceWords } from "../../../static/js/teacher/large/large_rules.js";
import { kindLabel, kindMeaning, kindSign } from "../../../static/js/teacher/room/labels.js";
import { learnRules, ruleOf } from "../../../static/js/teacher/room/rule_catalogue.js";

const RULE = { kind: "FACE_NOT_FOUND", label: "No face", advice: "Look at the picture before you decide.", sign: "person-x" };

test("what is shown of a kind is what the server's rule says", () => {
  learnRules([RULE]);
  assert.deepEqual([kindLabel(RULE.kind), kindMeaning(RULE.kind), kindSign(RULE.kind)], [RULE.label, RULE.advice, RULE.sign]);
  assert.equal(ruleOf(RULE.kind), RULE);
});

test("a kind that the server knows no more is named by itself and means nothing", () => {
  assert.deepEqual([kindLabel("OLD_KIND"), kindMeaning("OLD_KIND"), kindSign("OLD_KIND")], ["old kind", "", "flag"]);
  assert.equal(ruleOf("OLD_KIND"), undefined);
});

test("where a rule's settings come from is said layer by layer", () => {
  assert.deepEqual(sourceWords({}, "normal"), ["Usual settings"]);
  assert.deepEqual(
    sourceWords({ hold: "preset", cooldown: "preset", severity: "muted", hint: "muted", enabled: "accommodation" }, "strict"),
    ["Preset strict: duration, rest", "Muted in this room: severity, hint to the student", "Adjusted for this student: on or off"],
  );
});

test("every layer and every setting has its own words, and looks are named once", () => {
  const layers = ["preset", "room", "muted", "accommodation"].map((layer) => sourceLabel(layer, "relaxed"));
  assert.equal(new Set(layers).size, 4);
  const settings = ["enabled", "hold", "severity", "hint", "cooldown", "confirm", "release", "strictness", "watch"].map(settingLabel);
  assert.equal(new Set(settings).size, 9);
  assert.deepEqual(sourceWords({ confirm: "room", window: "room" }, "normal"), ["This room: checks that must agree"]);
});
