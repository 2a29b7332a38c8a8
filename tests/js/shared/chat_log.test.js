import assert from "node:assert/strict";
import test from "node:test";

import { ChatLog, conversationOf } from "../../../static/js/shared/chat_log.js";

const TEACHER = { kind: "teacher", id: "1" };
const STUDENT = { kind: "student", id: "ana" };

/** @returns {import("../../../static/js/shared/chat_log.js").Message} */
function message(/** @type {any} */ { id = 1, from = { kind: "student", id: "ana", name: "Ana" }, ...rest } = {}) {
  return { id, client_id: `c${id}`, from, to: { kind: "teachers" }, text: `text ${id}`, sent_at: 1000 * id, ...rest };
}

test("a question and its answer are one conversation for teachers", () => {
  const answer = message({ from: { ...TEACHER, name: "T" }, to: { kind: "student", id: "ana" } });
  assert.equal(conversationOf(message(), TEACHER), "student:ana");
  assert.equal(conversationOf(answer, TEACHER), "student:ana");
  assert.equal(conversationOf(message({ from: { ...TEACHER, name: "T" } }), TEACHER), "teachers");
});

test("a student has one conversation", () => {
  assert.equal(conversationOf(message({ from: { ...TEACHER, name: "T" }, to: { kind: "all" } }), STUDENT), "teachers");
});

test("ids decide the order, whatever order messages come in", () => {
  const log = new ChatLog(STUDENT);
  for (const id of [5, 1, 3, 2]) log.add(message({ id }));
  assert.deepEqual(log.messages("teachers").map((m) => m.id), [1, 2, 3, 5]);
  assert.equal(log.lastId, 5);
});

test("a message that comes twice is there once", () => {
  const log = new ChatLog(TEACHER);
  assert.equal(log.add(message()), true);
  assert.equal(log.add(message()), false);
  assert.equal(log.unreadTotal, 1);
});

test("own and read messages do not count as unread", () => {
  const log = new ChatLog(TEACHER);
  log.add(message({ id: 1, from: { ...TEACHER, name: "T" } }));
  log.add(message({ id: 2 }), true);
  log.add(message({ id: 3 }));
  assert.deepEqual([...log.unread], [["student:ana", 1]]);
  log.read("student:ana");
  assert.equal(log.unreadTotal, 0);
});

test("an unsent text waits until its message is back, by whatever way", () => {
  const log = new ChatLog(STUDENT);
  log.hold({ kind: "teachers" }, "help", "c7");
  assert.equal(log.waiting("teachers").length, 1);
  log.add(message({ id: 7 }));
  assert.equal(log.waiting("teachers").length, 0);
});

test("someone else's equal client id does not count as sent", () => {
  const log = new ChatLog(STUDENT);
  log.hold({ kind: "teachers" }, "help", "c7");
  log.add(message({ id: 7, from: { ...TEACHER, name: "T" } }));
  assert.equal(log.waiting("teachers").length, 1);
});
