import assert from "node:assert/strict";
import test from "node:test";

import { Reviews } from "../../../../static/js/teacher/incidents/reviews.js";
import { VerdictToast } from "../../../../static/js/teacher/incidents/verdict_toast.js";
import { incidentOf } from "../../../../static/js/teacher/incidents/incidents.js";
import { LiveRoom } from "../../../../static/js/teacher/room/live_room.js";
import { makeAlert, makeWelcome } from "../makers.js";

/** @typedef {import("../../../../static/js/teacher/room/types.js").Alert} Alert */

/** @param {Alert[]} alerts */
function makeRoom(...alerts) {
  const live = new LiveRoom(makeWelcome().room);
  live.welcome(makeWelcome({ alerts }));
  return live;
}

/** Three alerts of one incident, one of another. */
function makeAlerts() {
  return [...["a", "b", "c"].map((id, at) => makeAlert(id, { incident: "a", raised_at: at })), makeAlert("x")];
}

/** What the server does with a verdict. @param {LiveRoom} live @param {any} review */
function judged(live, { incident, alert, verdict, note, seen_until: until }) {
  const all = [...live.alerts.values()].filter((one) => (alert ? one.id === alert : incidentOf(one) === incident && one.raised_at <= until));
  return all.map((one) => ({ ...one, verdict: verdict ?? one.verdict, note: note ?? one.note }));
}

/** @param {LiveRoom} live @param {boolean} [refuse] */
function makeReviews(live, refuse = false) {
  /** @type {any} */
  const seen = { sent: [], done: [], problems: [] };
  const request = async (/** @type {string} */ event, /** @type {any} */ review) => {
    seen.sent.push(review);
    if (refuse) throw new Error("refused");
    const alerts = judged(live, review);
    return event === "review" ? { alert: alerts[0] } : { alerts };
  };
  const done = (/** @type {any} */ after) => seen.done.push(after.verdict);
  const reviews = new Reviews(/** @type {any} */ (request), live, done, (problem) => seen.problems.push(problem));
  return { reviews, seen };
}

/** Reviews whose words are read from a toast that shows one thing at a time. @param {LiveRoom} live */
function makeToast(live) {
  const { reviews, seen } = makeReviews(live);
  /** @type {{text: string, action?: {run: () => void}}} */
  const toast = { text: "" };
  const say = (/** @type {string} */ text, /** @type {any} */ action) => Object.assign(toast, { text, action });
  const verdicts = new VerdictToast({ say, hide: () => say("", undefined) }, live, (before) => void reviews.undo(before));
  reviews.onDone = (after, before, isJudged) => verdicts.given(after, before, isJudged);
  reviews.onUndone = (incident) => verdicts.takenBack(incident);
  return { reviews, seen, toast };
}

/** @param {LiveRoom} live */
function verdicts(live) {
  return Object.fromEntries([...live.alerts.values()].map(({ id, verdict }) => [id, verdict]));
}

test("one verdict covers every alert of an incident, and one message tells it", async () => {
  const live = makeRoom(...makeAlerts());
  const { reviews, seen } = makeReviews(live);
  await reviews.give("a", "dismissed");
  assert.deepEqual(verdicts(live), { a: "dismissed", b: "dismissed", c: "dismissed", x: "new" });
  assert.deepEqual(seen.sent, [{ incident: "a", verdict: "dismissed", seen_until: 2 }]);
});

test("an alert that comes while the verdict is under way is not judged unseen", async () => {
  const live = makeRoom(...makeAlerts());
  const { reviews } = makeReviews(live);
  const given = reviews.give("a", "dismissed");
  live.setAlert(makeAlert("late", { incident: "a", raised_at: 9 }));
  await given;
  assert.equal(live.alerts.get("late")?.verdict, "new");
  assert.equal(live.incident("a")?.isAgain, true);
});

test("what is taken back is as it was, alert by alert", async () => {
  const [a, b, c, x] = makeAlerts();
  const live = makeRoom({ ...a, verdict: "acknowledged" }, { ...b, verdict: "acknowledged" }, c, x);
  const { reviews, seen } = makeReviews(live);
  await reviews.give("a", "dismissed");
  await reviews.undo();
  assert.deepEqual(verdicts(live), { a: "acknowledged", b: "acknowledged", c: "new", x: "new" });
  await reviews.undo();
  assert.deepEqual(verdicts(live), { a: "acknowledged", b: "acknowledged", c: "new", x: "new" });
  assert.deepEqual(seen.done, ["dismissed"]);
});

test("what is said of a verdict goes with the verdict, whichever way it is taken back", async () => {
  const live = makeRoom(...makeAlerts());
  const { reviews, toast } = makeToast(live);
  await reviews.give("a", "dismissed");
  assert.equal(toast.text, "Dismissed as wrong (3 alerts)");
  await reviews.undo();
  assert.equal(toast.text, "Taken back: to be reviewed (3 alerts)");
  assert.equal(toast.action, undefined, "nothing is offered that would take back something else");
  await reviews.give("x", "dismissed");
  assert.equal(toast.text, "Dismissed as wrong");
  live.setAlert(makeAlert("x", { verdict: "acknowledged" }));
  assert.equal(toast.text, "", "a colleague judged otherwise");
});

test("the word about one verdict takes back that one alone, and only once", async () => {
  const live = makeRoom(...makeAlerts());
  const { reviews, seen, toast } = makeToast(live);
  await reviews.give("a", "dismissed");
  await reviews.give("x", "dismissed");
  const { action } = toast;
  await reviews.undo();
  action?.run();
  assert.deepEqual(seen.sent.map((/** @type {any} */ one) => one.incident), ["a", "x", "x"]);
  assert.equal(live.alerts.get("a")?.verdict, "dismissed");
});

test("a note that came with a verdict stays when the verdict is taken back", async () => {
  const live = makeRoom(makeAlert("x", { note: "before" }));
  const { reviews } = makeReviews(live);
  await reviews.give("x", "dismissed", "after");
  await reviews.undo();
  assert.deepEqual([live.alerts.get("x")?.verdict, live.alerts.get("x")?.note], ["new", "after"]);
});

test("a note alone is kept, changes no verdict and leaves nothing to take back", async () => {
  const live = makeRoom(...makeAlerts());
  const { reviews, seen, toast } = makeToast(live);
  await reviews.give("a", null, "asked about it");
  assert.deepEqual(seen.sent, [{ incident: "a", note: "asked about it", seen_until: 2 }]);
  assert.equal(toast.text, "Note kept");
  assert.deepEqual(reviews.done, []);
});

test("a verdict that changes nothing is not sent", async () => {
  const live = makeRoom(makeAlert("x", { verdict: "acknowledged" }));
  const { reviews, seen } = makeReviews(live);
  await reviews.give("x", "acknowledged");
  await reviews.give("unknown", "acknowledged");
  assert.deepEqual(seen.sent, []);
});

test("a verdict that the server refuses changes nothing here", async () => {
  const live = makeRoom(makeAlert("x"));
  const { reviews, seen } = makeReviews(live, true);
  await reviews.give("x", "dismissed");
  assert.equal(live.alerts.get("x")?.verdict, "new");
  assert.equal(seen.problems.length, 1);
  assert.deepEqual(reviews.done, []);
});
