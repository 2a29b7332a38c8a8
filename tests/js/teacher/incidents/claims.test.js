import assert from "node:assert/strict";
import { test } from "node:test";
import { Claims } from "../../../../static/js/teacher/incidents/claims.js";
import { makeIncident } from "../../../../static/js/teacher/incidents/incidents.js";
import { EVERYBODY_AFTER_MS, OVERDUE_AFTER_MS, concernOf, dealtTo, isOverdue } from "../../../../static/js/teacher/incidents/shares.js";
import { makeAlert } from "../makers.js";

const ANA = { id: 1, name: "Ana", online: true };
const BEN = { id: 2, name: "Ben", online: true };

/** @param {Partial<import("../../../../static/js/teacher/room/types.js").Alert>} [news] */
const incident = (news = {}) => makeIncident([makeAlert("a1", { severity: "critical", verdict: "new", raised_at: 0, ...news })]);

/** @param {Partial<import("../../../../static/js/teacher/incidents/shares.js").Situation>} [news] */
const situation = (news = {}) => ({ claim: null, teachers: [ANA, BEN], me: 1, now: 0, ...news });

/** @param {number} person @param {string} name */
const claim = (person, name) => ({ incident: "a1", person, name, until: 90_000 });

test("every student is the share of one teacher who is there, the same on every page", () => {
  const shares = Array.from({ length: 40 }, (_, n) => dealtTo(incident({ participant: `p${n}` }), [BEN, ANA])?.id);
  const again = Array.from({ length: 40 }, (_, n) => dealtTo(incident({ participant: `p${n}` }), [ANA, BEN])?.id);
  assert.deepEqual(shares, again);
  const ofAna = shares.filter((id) => id === 1).length;
  assert.ok(ofAna >= 12 && ofAna <= 28, `${ofAna} of 40`);
});

test("a teacher alone, or an incident of the room, is nobody's share", () => {
  assert.equal(dealtTo(incident(), [ANA, { ...BEN, online: false }]), null);
  assert.equal(dealtTo(incident({ incident: "room.a1" }), [ANA, BEN]), null);
  assert.equal(concernOf(incident(), situation({ teachers: [ANA] })).of, "everybody");
});

test("a claim says whose it is, whosever share it was", () => {
  assert.deepEqual(concernOf(incident(), situation({ claim: claim(1, "Ana") })), { of: "mine", name: "Ana", claimed: true });
  assert.deepEqual(concernOf(incident(), situation({ claim: claim(2, "Ben") })), { of: "others", name: "Ben", claimed: true });
});

test("a critical incident that nobody looks after becomes everybody's, another does not", () => {
  const share = dealtTo(incident(), [ANA, BEN]);
  const other = share?.id === 1 ? 2 : 1;
  assert.equal(concernOf(incident(), situation({ me: other, now: EVERYBODY_AFTER_MS - 1 })).of, "others");
  assert.equal(concernOf(incident(), situation({ me: other, now: EVERYBODY_AFTER_MS })).of, "everybody");
  assert.equal(concernOf(incident({ severity: "warning" }), situation({ me: other, now: 10 * EVERYBODY_AFTER_MS })).of, "others");
});

test("after a minute it is overdue, unless somebody looks after it or judged it", () => {
  assert.equal(isOverdue(incident(), null, OVERDUE_AFTER_MS - 1), false);
  assert.equal(isOverdue(incident(), null, OVERDUE_AFTER_MS), true);
  assert.equal(isOverdue(incident(), claim(2, "Ben"), OVERDUE_AFTER_MS), false);
  assert.equal(isOverdue(incident({ verdict: "dismissed" }), null, OVERDUE_AFTER_MS), false);
  assert.equal(isOverdue(incident({ severity: "warning" }), null, OVERDUE_AFTER_MS), false);
});

function makeClaims(claimed = /** @type {ReturnType<typeof claim>[]} */ ([]), teachers = [ANA, BEN]) {
  /** @type {unknown[]} */
  const sent = [];
  /** @type {string[]} */
  const said = [];
  const live = { claims: new Map(claimed.map((one) => [one.incident, one])), teachers, now: () => 0, setClaims: (/** @type {any} */ told) => sent.push(told) };
  const request = async (/** @type {string} */ event, /** @type {unknown} */ wish) => (sent.push([event, wish]), { claims: [] });
  const toast = { say: (/** @type {string} */ text) => said.push(text), problem: (/** @type {unknown} */ problem) => said.push(String(problem)) };
  return { claims: new Claims(1, /** @type {any} */ (live), /** @type {any} */ (request), toast), sent, said };
}

test("one's own is given back, a free one is claimed", async () => {
  const own = makeClaims([claim(1, "Ana")]);
  await own.claims.toggle("a1");
  assert.deepEqual(own.sent[0], ["claim", { incident: "a1", on: false }]);
  const free = makeClaims();
  await free.claims.toggle("a1");
  assert.deepEqual(free.sent, [["claim", { incident: "a1", on: true }], []]);
});

test("another teacher's is taken over when it is done twice", async () => {
  const { claims, sent, said } = makeClaims([claim(2, "Ben")]);
  await claims.toggle("a1");
  assert.deepEqual(sent, []);
  assert.match(said[0], /Ben looks after this incident/);
  await claims.toggle("a1");
  assert.deepEqual(sent[0], ["claim", { incident: "a1", on: true, take_over: true }]);
});

test("opening one that waits claims it, where somebody else is there and nobody was faster", async () => {
  const { claims, sent } = makeClaims();
  await claims.opened(incident());
  assert.deepEqual(sent[0], ["claim", { incident: "a1", on: true }]);
  for (const quiet of [makeClaims([claim(2, "Ben")]), makeClaims([], [ANA])]) {
    await quiet.claims.opened(incident());
    assert.deepEqual(quiet.sent, []);
  }
  const judged = makeClaims();
  await judged.claims.opened(incident({ verdict: "dismissed" }));
  assert.deepEqual(judged.sent, []);
});
