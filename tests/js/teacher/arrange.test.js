import assert from "node:assert/strict";
import test from "node:test";

import { arrange, layOut, pageOf } from "../../../static/js/teacher/grid/arrange.js";
import { makeAlert, makeParticipant } from "./makers.js";

const CALM = { order: "joined", filter: "here", search: "" };

/**
 * @param {any[]} people
 * @param {Partial<import("../../../static/js/teacher/grid/arrange.js").Wish>} [wish]
 * @param {any[]} [alerts]
 */
function ids(people, wish = {}, alerts = []) {
  const of = (/** @type {string} */ id) => alerts.filter((alert) => alert.participant === id);
  return arrange(people, of, { ...CALM, ...wish }).map((one) => one.id);
}

const anna = makeParticipant("anna", { name: "Anna", joined_at: 1 });
const lea = makeParticipant("lea", { name: "Léa", joined_at: 2 });
const bob = makeParticipant("bob", { name: "Bob", joined_at: 3 });

test("tiles stay in the order of joining, whatever happens", () => {
  const alerts = [makeAlert("a", { participant: "bob", severity: "critical" })];
  assert.deepEqual(ids([bob, lea, anna], {}, alerts), ["anna", "lea", "bob"]);
});

test("incidents first puts the gravest open alert first and leaves equals in order", () => {
  const alerts = [
    makeAlert("a", { participant: "bob", severity: "critical" }),
    makeAlert("b", { participant: "lea", severity: "warning" }),
  ];
  assert.deepEqual(ids([anna, lea, bob], { order: "incidents" }, alerts), ["bob", "lea", "anna"]);
});

test("an alert that is over or was wrong is no incident", () => {
  const alerts = [
    makeAlert("a", { participant: "bob", ended_at: 5 }),
    makeAlert("b", { participant: "lea", verdict: "dismissed" }),
  ];
  assert.deepEqual(ids([anna, lea, bob], { order: "incidents" }, alerts), ["anna", "lea", "bob"]);
  assert.deepEqual(ids([anna, lea, bob], { filter: "alert" }, alerts), []);
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

test("the page asked for is brought back to one that exists", () => {
  const all = [...Array(11).keys()];
  assert.deepEqual(pageOf(all, 4, 1).items, [4, 5, 6, 7]);
  assert.deepEqual(pageOf(all, 4, 9), { items: [8, 9, 10], page: 2, pages: 3 });
  assert.deepEqual(pageOf([], 4, 3), { items: [], page: 0, pages: 1 });
});

const LAPTOP = { width: 1000, height: 620, gap: 8 };
const TILE = { least: 128, extra: 27, ratio: 4 / 3 };

test("the grid shows all tiles at once while they are large enough", () => {
  for (const count of [1, 4, 9, 16, 25]) {
    const { columns, widest } = layOut(count, LAPTOP, TILE);
    assert.ok(widest !== null && widest >= TILE.least, `${count} tiles fit`);
    const rows = Math.ceil(count / columns);
    assert.ok(rows * (widest / TILE.ratio + TILE.extra) + (rows - 1) * 8 <= LAPTOP.height);
    assert.ok(columns * widest + (columns - 1) * 8 <= LAPTOP.width);
  }
});

test("more tiles than fit get the least width, and the page scrolls", () => {
  assert.deepEqual(layOut(49, LAPTOP, TILE), { columns: 7, widest: null });
  assert.deepEqual(layOut(9, { width: 374, height: 300, gap: 8 }, TILE), { columns: 2, widest: null });
});
