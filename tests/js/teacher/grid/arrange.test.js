import assert from "node:assert/strict";
import test from "node:test";

import { arrange, countsOf, layOut } from "../../../../static/js/teacher/grid/arrange.js";
import { makeAlert, makeParticipant } from "../makers.js";

const CALM = { order: "joined", filter: "here", search: "" };

/**
 * @param {(id: string) => any[]} [alertsOf]
 * @param {string[]} [plan]
 * @param {Record<string, number>} [unread]
 */
const known = (alertsOf = () => [], plan = [], unread = {}) => ({ alertsOf, plan, unreadOf: (/** @type {string} */ id) => unread[id] ?? 0 });

/**
 * @param {any[]} people
 * @param {Partial<import("../../../../static/js/teacher/grid/arrange.js").Wish>} [wish]
 * @param {any[]} [alerts]
 */
function ids(people, wish = {}, alerts = []) {
  const of = (/** @type {string} */ id) => alerts.filter((alert) => alert.participant === id);
  return arrange(people, { ...CALM, ...wish }, known(of)).map((one) => one.id);
}

const anna = makeParticipant("anna", { name: "Anna", joined_at: 1 });
const lea = makeParticipant("lea", { name: "Léa", joined_at: 2 });
const bob = makeParticipant("bob", { name: "Bob", joined_at: 3 });

test("tiles stay in the order of joining, whatever happens", () => {
  const alerts = [makeAlert("a", { participant: "bob", severity: "critical" })];
  assert.deepEqual(ids([bob, lea, anna], {}, alerts), ["anna", "lea", "bob"]);
});

test("students sit by name, or where the teacher put them; who has no seat comes last", () => {
  assert.deepEqual(ids([bob, lea, anna], { order: "name" }), ["anna", "bob", "lea"]);
  const placed = arrange([anna, bob, lea], { ...CALM, order: "seats" }, known(undefined, ["lea", "gone", "anna"]));
  assert.deepEqual(placed.map(({ id }) => id), ["lea", "anna", "bob"]);
});

test("an alert that is over or was wrong is not open", () => {
  const alerts = [
    makeAlert("a", { participant: "bob", ended_at: 5 }),
    makeAlert("b", { participant: "lea", verdict: "dismissed" }),
  ];
  assert.deepEqual(ids([anna, lea, bob], { filter: "alert" }, alerts), []);
});

test("each count is the number of students that its filter shows", () => {
  const alerts = [
    makeAlert("a", { participant: "anna", severity: "critical" }),
    makeAlert("b", { participant: "anna", severity: "warning" }),
    makeAlert("c", { participant: "lea", severity: "warning", ended_at: 9 }),
    makeAlert("d", { participant: "bob", severity: "critical", incident: "room.1" }),
    makeAlert("e", { participant: "dark", severity: "warning", verdict: "acknowledged" }),
  ];
  const people = [anna, lea, bob, makeParticipant("dark", { picture: "dark" }), makeParticipant("left", { state: "left" })];
  const of = (/** @type {string} */ id) => alerts.filter((alert) => alert.participant === id);
  const all = known(of, [], { bob: 2, left: 1 });
  const counts = countsOf(people, all);
  assert.deepEqual(counts, { critical: 1, review: 1, blind: 1, messages: 1 });
  for (const [filter, count] of Object.entries(counts)) {
    assert.equal(arrange(people, { ...CALM, filter }, all).length, count, filter);
  }
});

test("a search needs neither accents nor capitals", () => {
  assert.deepEqual(ids([anna, lea, bob], { search: " LEA" }), ["lea"]);
});

test("those who left are shown only when asked for", () => {
  const gone = makeParticipant("gone", { state: "removed" });
  assert.deepEqual(ids([anna, gone]), ["anna"]);
  assert.deepEqual(ids([anna, gone], { filter: "gone" }), ["gone"]);
});

test("cannot be seen finds dark pictures and missing cameras, not offline students", () => {
  const people = [
    anna,
    makeParticipant("dark", { picture: "dark" }),
    makeParticipant("unplugged", { camera: "unplugged" }),
    makeParticipant("off", { camera: "none", online: false }),
  ];
  assert.deepEqual(ids(people, { filter: "blind" }), ["dark", "unplugged"]);
  assert.deepEqual(ids(people, { filter: "away" }), ["off"]);
});

/** What is left beside a folded panel, below the bars, on a screen of 1366 x 768. */
const LAPTOP = { width: 1290, height: 640, gap: 5 };

/** Whether all tiles are in the box. @param {number} count @param {{columns: number, width: number, height: number}} shape */
function fits(count, { columns, width, height }) {
  const rows = Math.ceil(count / columns);
  return columns * width + (columns - 1) * LAPTOP.gap <= LAPTOP.width && rows * height + (rows - 1) * LAPTOP.gap <= LAPTOP.height;
}

test("a class of forty is eight by five, one of a hundred has twelve columns, and all two hundred are there", () => {
  assert.equal(layOut(40, LAPTOP).columns, 8);
  assert.equal(layOut(100, LAPTOP).columns, 12);
  for (const count of [1, 2, 9, 25, 40, 60, 100, 150, 200]) assert.ok(fits(count, layOut(count, LAPTOP)), `${count} on one screen`);
});

test("a strip above and a panel beside take room and move nobody to another column", () => {
  for (const count of [9, 40, 100]) {
    assert.equal(layOut(count, { ...LAPTOP, height: 530 }, LAPTOP).columns, layOut(count, LAPTOP).columns);
    assert.equal(layOut(count, { ...LAPTOP, width: 1000 }, LAPTOP).columns, layOut(count, LAPTOP).columns);
  }
});

test("pictures are cut off above and below, never at their sides by more than half, and never higher than they are filmed", () => {
  for (const count of [1, 3, 9, 40, 100, 200]) {
    const { width, height } = layOut(count, LAPTOP);
    assert.ok(width / height <= 2.06 && width / height >= 1.3, `${count}: ${width} x ${height}`);
  }
});

test("where tiles would be too small to see anything, the grid scrolls", () => {
  const phone = layOut(200, { width: 350, height: 500, gap: 5 });
  assert.equal(phone.columns, 3);
  assert.ok(phone.width > 100 && phone.height > 75);
});
