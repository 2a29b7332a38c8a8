import assert from "node:assert/strict";
import test from "node:test";

import { caseNotes, caseWords, openCase, waitsForOther } from "../../../../static/js/teacher/decisions/cases.js";
import { Seen } from "../../../../static/js/teacher/decisions/seen.js";
import { listOf, makeIncident } from "../../../../static/js/teacher/incidents/incidents.js";
import { LiveRoom } from "../../../../static/js/teacher/room/live_room.js";
import { makeAlert, makeWelcome } from "../makers.js";

/** @typedef {import("../../../../static/js/teacher/room/types.js").Case} Case */

/** @param {Partial<Case>} given @returns {Case} */
function makeCase(given = {}) {
  return {
    incident: "a", state: "first", until: 4000, first_by: "Ana", first: null, first_note: "", own: false,
    second_by: "", second: null, second_note: "", final_by: "", outcome: null, ...given,
  };
}

test("a decision is about the alerts that were there: a later one begins it anew", () => {
  const known = makeCase();
  assert.equal(openCase(known, makeIncident([makeAlert("a")])), known);
  assert.equal(openCase(known, makeIncident([makeAlert("a"), makeAlert("b", { raised_at: 4001 })])), null);
  assert.equal(openCase(undefined, makeIncident([makeAlert("a")])), null);
});

test("who decided first waits for another person, and everybody else does not", () => {
  assert.equal(waitsForOther(makeCase({ own: true })), true);
  assert.equal(waitsForOther(makeCase()), false);
  assert.equal(waitsForOther(makeCase({ own: true, state: "second" })), false);
  assert.ok(!waitsForOther(null));
});

test("the second person reads who decided, and not what", () => {
  const words = caseWords(makeCase());
  assert.match(words, /First decision by Ana/);
  assert.doesNotMatch(words, /Acknowledged|Dismissed/);
  assert.deepEqual(caseNotes(makeCase()), []);
});

test("afterwards both are shown with their notes", () => {
  const differ = makeCase({ state: "second", first: "acknowledged", second: "dismissed", second_by: "Ben", first_note: "Paper." });
  assert.match(caseWords(differ), /differ.*Ana: Acknowledged · Ben: Dismissed as wrong/);
  assert.deepEqual(caseNotes(differ), [["Ana", "Paper."]]);
  assert.match(caseWords({ ...differ, state: "closed", second: "acknowledged", outcome: "acknowledged" }), /Both decided the same/);
  assert.match(caseWords({ ...differ, state: "closed", final_by: "Eva", outcome: "dismissed" }), /Decided at last by Eva/);
});

test("what a teacher flagged by hand needs somebody now, whatever it weighs", () => {
  assert.equal(listOf(makeIncident([makeAlert("a", { kind: "FLAGGED", severity: "warning" })]), {}), "now");
  assert.equal(listOf(makeIncident([makeAlert("a", { kind: "FLAGGED", severity: "warning", verdict: "dismissed" })]), {}), "noted");
});

test("a flag that was undone is gone from the room", () => {
  const live = new LiveRoom(makeWelcome().room);
  live.welcome(makeWelcome({ alerts: [makeAlert("a"), makeAlert("b")] }));
  live.withdraw("a");
  live.withdraw("a");
  assert.deepEqual([...live.alerts.keys()], ["b"]);
  assert.deepEqual(live.alertsOf("anna").map(({ id }) => id), ["b"]);
});

test("an answer that comes twice is shown once, in the order of time", () => {
  const live = new LiveRoom(makeWelcome().room);
  const answer = { incident: "a", participant: "anna", text: "It was the clock.", at: 5 };
  live.addAnswers([answer, { ...answer, text: "And the door.", at: 3 }]);
  live.addAnswers([answer]);
  assert.deepEqual(live.answers.get("a")?.map(({ text }) => text), ["And the door.", "It was the clock."]);
});

/** What a page shows, with time in our hands. */
function makeSeen() {
  /** @type {(() => void)[]} */
  const later = [];
  /** @type {{told: [string[], number][], fails: boolean, change: (id: string, isOn: boolean) => void}} */
  const page = { told: [], fails: false, change: () => {} };
  const seen = new Seen(async (incidents, until) => {
    if (page.fails) throw new Error("no connection");
    page.told.push([incidents, until]);
  }, {
    observe: (changed) => {
      page.change = changed;
      return () => {};
    },
    later: (run) => later.push(run),
  });
  const pass = async () => {
    for (const run of later.splice(0)) run();
    await Promise.resolve();
  };
  const place = (/** @type {import("../../../../static/js/teacher/room/types.js").Alert[]} */ ...alerts) => seen.placed([makeIncident(alerts)], () => /** @type {any} */ ({}));
  return { seen, page, pass, place };
}

test("an incident is seen once its card was there for a second, and the server is told", async () => {
  const { seen, page, pass, place } = makeSeen();
  place(makeAlert("a"));
  assert.equal(seen.has("a"), false);
  page.change("a", true);
  await pass();
  assert.equal(seen.has("a"), true);
  await pass();
  assert.deepEqual(page.told, [[["a"], 4000]]);
});

test("a card that was scrolled past was not seen", async () => {
  const { seen, page, pass, place } = makeSeen();
  place(makeAlert("a"));
  page.change("a", true);
  page.change("a", false);
  await pass();
  assert.equal(seen.has("a"), false);
});

test("an alert that comes to a seen incident must be seen too", async () => {
  const { seen, page, pass, place } = makeSeen();
  place(makeAlert("a"));
  page.change("a", true);
  await pass();
  await pass();
  place(makeAlert("a"), makeAlert("b", { incident: "a", raised_at: 9000 }));
  assert.equal(seen.has("a"), false);
  await pass();
  assert.equal(seen.has("a"), true);
});

test("what the server did not take is told again", async () => {
  const { seen, page, pass } = makeSeen();
  page.fails = true;
  seen.saw({ id: "a", until: 4000 });
  await seen.flush();
  page.fails = false;
  await pass();
  await pass();
  assert.deepEqual(page.told, [[["a"], 4000]]);
});
