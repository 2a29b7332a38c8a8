import assert from "node:assert/strict";
import test from "node:test";

import { countToReview, explain, isWanted, noticesOf, studentsOf } from "../../../static/js/teacher/alerts/alert_filter.js";
import { opened } from "../../../static/js/teacher/alerts/alert_detail.js";
import { listed } from "../../../static/js/teacher/alerts/alert_row.js";
import { noticeWords } from "../../../static/js/teacher/alerts/alert_notices.js";
import { LiveRoom } from "../../../static/js/teacher/room/live_room.js";
import { Reviews } from "../../../static/js/teacher/alerts/reviews.js";
import { tileAlert } from "../../../static/js/teacher/grid/tile_state.js";
import { VerdictToast } from "../../../static/js/teacher/alerts/verdict_toast.js";
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
  assert.deepEqual(live.newestAlerts().map((alert) => alert.id), ["newer", "older"]);
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

/** Alerts of every severity and verdict, by id. */
function makeAlerts() {
  const severities = ["notice", "warning", "critical"];
  return ["new", "acknowledged", "dismissed"].flatMap((verdict) => severities.map((severity) => makeAlert(`${verdict} ${severity}`, { verdict, severity })));
}

test("the badge counts what the list shows first, and no tile counts anything else", () => {
  const alerts = makeAlerts();
  const first = alerts.filter((alert) => isWanted(alert, { ...ANY, verdict: "new" }));
  assert.deepEqual(first.map(({ id }) => id), ["new warning", "new critical"]);
  assert.equal(countToReview(alerts), first.length);
  assert.equal(tileAlert(alerts).unread, first.length);
});

test("notices are a line of their own, by kind, and a list where they are asked for", () => {
  const wish = { ...ANY, verdict: "new" };
  learnRules([["CONNECTION_LOST", "Connection lost"], ["FACE_NOT_FOUND", "No face"]].map(([kind, label]) => ({ kind, label, advice: "", sign: "flag" })));
  const alerts = [...makeAlerts(), ...["1", "2"].map((id) => makeAlert(id, { severity: "notice", kind: "CONNECTION_LOST" }))];
  assert.deepEqual(noticesOf(alerts, wish), [["CONNECTION_LOST", 2], ["FACE_NOT_FOUND", 1]]);
  assert.equal(noticeWords(noticesOf(alerts, wish)), "Notices: Connection lost (2), No face");
  assert.equal(alerts.filter((alert) => isWanted(alert, { ...wish, severity: "notice" })).length, 3);
  assert.deepEqual(noticesOf(alerts, { ...wish, kind: "TALKING" }), []);
  for (const other of [{ verdict: "" }, { severity: "critical" }]) assert.equal(noticeWords(noticesOf(alerts, { ...wish, ...other })), "");
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

function makeReviews(/** @type {import("../../../static/js/teacher/room/live_room.js").LiveRoom} */ live, refuse = false) {
  /** @type {any} */
  const seen = { sent: [], done: [], problems: [] };
  const request = async (/** @type {string} */ _event, /** @type {any} */ review) => {
    seen.sent.push(review);
    if (refuse) throw new Error("refused");
    return { alert: { ...live.alerts.get(review.alert), ...review, id: review.alert } };
  };
  const done = (/** @type {any} */ after) => seen.done.push(after.verdict);
  const reviews = new Reviews(/** @type {any} */ (request), live, done, (problem) => seen.problems.push(problem));
  return { reviews, seen };
}

/** Reviews whose words are read from a toast that shows one thing at a time. */
function makeToast(/** @type {import("../../../static/js/teacher/room/live_room.js").LiveRoom} */ live) {
  const { reviews, seen } = makeReviews(live);
  /** @type {{text: string, action?: {run: () => void}}} */
  const toast = { text: "" };
  const say = (/** @type {string} */ text, /** @type {any} */ action) => Object.assign(toast, { text, action });
  const verdicts = new VerdictToast({ say, hide: () => say("", undefined) }, live, (before) => void reviews.undo(before));
  reviews.onDone = (after, before) => verdicts.given(after, before);
  reviews.onUndone = (alert) => verdicts.takenBack(alert);
  return { reviews, seen, toast };
}

test("what is said of a verdict goes with the verdict, whichever way it is taken back", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a"), makeAlert("b")] });
  const { reviews, toast } = makeToast(live);
  await reviews.give("a", "dismissed");
  assert.equal(toast.text, "Dismissed as wrong");
  await reviews.undo();
  assert.equal(toast.text, "Taken back: to be reviewed");
  assert.equal(toast.action, undefined, "nothing is offered that would take back something else");
  await reviews.give("a", "dismissed");
  live.setAlert(makeAlert("a", { verdict: "acknowledged" }));
  assert.equal(toast.text, "", "a colleague judged otherwise");
});

test("the word about one verdict takes back that one alone, and only once", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a"), makeAlert("b")] });
  const { reviews, seen, toast } = makeToast(live);
  await reviews.give("a", "dismissed");
  await reviews.give("b", "dismissed");
  const { action } = toast;
  await reviews.undo();
  action?.run();
  assert.deepEqual(seen.sent.map((/** @type {any} */ one) => one.alert), ["a", "b", "b"]);
  assert.equal(live.alerts.get("a")?.verdict, "dismissed");
});

test("a verdict can be taken back, and its note stays", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a", { note: "before" })] });
  const { reviews, seen } = makeReviews(live);
  await reviews.give("a", "dismissed", "after");
  assert.equal(live.alerts.get("a")?.verdict, "dismissed");
  await reviews.undo();
  await reviews.undo();
  assert.deepEqual(seen.sent.at(-1), { alert: "a", verdict: "new" });
  assert.equal(seen.sent.length, 2, "there is nothing more to take back");
  assert.deepEqual(seen.done, ["dismissed"]);
});

test("a note alone is kept and leaves nothing to take back", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a")] });
  const { reviews, seen } = makeReviews(live);
  await reviews.give("a", "new", "asked about it");
  assert.deepEqual(seen.sent, [{ alert: "a", verdict: "new", note: "asked about it" }]);
  assert.deepEqual(reviews.done, []);
});

test("a verdict that changes nothing is not sent", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a", { verdict: "acknowledged" })] });
  const { reviews, seen } = makeReviews(live);
  await reviews.give("a", "acknowledged");
  await reviews.give("unknown", "acknowledged");
  assert.deepEqual(seen.sent, []);
});

test("a verdict that the server refuses changes nothing here", async () => {
  const { live } = makeRoom({ alerts: [makeAlert("a")] });
  const { reviews, seen } = makeReviews(live, true);
  await reviews.give("a", "dismissed");
  assert.equal(live.alerts.get("a")?.verdict, "new");
  assert.equal(seen.problems.length, 1);
  assert.deepEqual(reviews.done, []);
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
