import assert from "node:assert/strict";
import test from "node:test";

import { countToReview, explain, isWanted, studentsOf } from "../../../static/js/teacher/incidents/alert_filter.js";
import { opened } from "../../../static/js/teacher/incidents/alert_detail.js";
import { listed } from "../../../static/js/teacher/incidents/incident_card.js";
import { LiveRoom } from "../../../static/js/teacher/room/live_room.js";
import { learnRules } from "../../../static/js/teacher/room/rule_catalogue.js";
import { makeAlert, makeParticipant, makeWelcome } from "./makers.js";

const ANY = { verdict: "", severity: "", kind: "", participant: "" };

function makeRoom(/** @type {any} */ given = {}) {
  const live = new LiveRoom(makeWelcome().room);
  /** @type {string[]} */
  const raised = [];
  live.addEventListener("raised", (event) => raised.push(/** @type {any} */ (event).detail.id));
  live.welcome(makeWelcome(given));
  return { live, raised };
}

test("alerts that were there before the page are not news", () => {
  const { live, raised } = makeRoom({ alerts: [makeAlert("old")] });
  assert.deepEqual(raised, []);
  live.setAlert(makeAlert("new"));
  live.setAlert(makeAlert("new", { ended_at: 9 }));
  assert.deepEqual(raised, ["new"]);
});

test("alerts that were missed while the connection was broken are news", () => {
  const { live, raised } = makeRoom({ alerts: [makeAlert("old")] });
  live.welcome(makeWelcome({ alerts: [makeAlert("missed"), makeAlert("old")] }));
  assert.deepEqual(raised, ["missed"]);
});

test("a reconnect keeps older alerts and forgets students who are no longer told of", () => {
  const { live } = makeRoom({ participants: [makeParticipant("anna"), makeParticipant("bob")] });
  live.addAlerts([makeAlert("older", { raised_at: 1 })]);
  live.welcome(makeWelcome({ participants: [makeParticipant("anna")], alerts: [makeAlert("newer", { raised_at: 2 })] }));
  assert.deepEqual([...live.participants.keys()], ["anna"]);
  assert.deepEqual([...live.alerts.keys()].sort(), ["newer", "older"]);
});

test("an alert that changed replaces itself at its student", () => {
  const { live } = makeRoom({ alerts: [makeAlert("a"), makeAlert("b")] });
  live.setAlert(makeAlert("a", { verdict: "dismissed" }));
  assert.deepEqual(live.alertsOf("anna").map(({ id, verdict }) => [id, verdict]), [["b", "new"], ["a", "dismissed"]]);
});

test("the filters narrow the list together", () => {
  const alert = makeAlert("a", { severity: "warning", kind: "PAGE_HIDDEN" });
  assert.ok(isWanted(alert, ANY));
  assert.ok(isWanted(alert, { verdict: "new", severity: "warning", kind: "PAGE_HIDDEN", participant: "anna" }));
  for (const wish of [{ verdict: "dismissed" }, { severity: "notice" }, { kind: "X" }, { participant: "bob" }]) {
    assert.ok(!isWanted(alert, { ...ANY, ...wish }));
  }
});

test("notices accuse nobody and are not counted", () => {
  const alerts = [makeAlert("a"), makeAlert("b", { severity: "notice" }), makeAlert("c", { verdict: "acknowledged" })];
  assert.equal(countToReview(alerts), 1);
  assert.deepEqual(studentsOf([makeAlert("a"), makeAlert("b", { participant: "al", name: "Al" })]), [["al", "Al"], ["anna", "Anna"]]);
});

test("a picture in the list is no look at it, and each time that it is opened is one", () => {
  assert.equal(listed("/e/a.jpg"), "/e/a.jpg?in=list");
  assert.notEqual(opened("/e/a.jpg", 1), opened("/e/a.jpg", 2));
  assert.ok(!opened("/e/a.jpg", 1).includes("in=list"));
});

test("an explanation has its numbers in it", () => {
  assert.equal(explain(makeAlert("a")), "No face for 4.0 s");
  const slow = makeAlert("a", { numbers: { seconds: 4, every: 6, usual: 2 } });
  assert.equal(explain(slow), "No face for 4.0 s Looks came every 6 s instead of 2 s.");
});

test("an alert that many students had at once says what probably caused it, and that it counts against nobody", () => {
  learnRules([{ kind: "CONNECTION_LOST", label: "Connection lost", advice: "", sign: "wifi-off", common_cause: "the network" }]);
  const alert = makeAlert("a", { kind: "CONNECTION_LOST", text: "Lost for %(seconds)d s.", numbers: { seconds: 9 } });
  assert.equal(explain({ ...alert, incident: "a" }), "Lost for 9 s.");
  assert.equal(
    explain({ ...alert, incident: "room.a" }),
    "Lost for 9 s. Many students had this at the same time, probably because of the network. It counts against nobody.",
  );
});
