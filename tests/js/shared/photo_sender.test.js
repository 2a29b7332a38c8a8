// Sending reference photos: names of files, and every outcome as something to read.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOfFile, sendPhoto } from "../../../static/js/shared/photo_sender.js";
import { identityEvent, identityEventSign, identityWords } from "../../../static/js/teacher/large/score_labels.js";

const PLACE = { address: "/rooms/r/photos", csrf: "token" };

/**
 * @param {...(object | Error)} answers of the server, in order
 * @returns {import("../../../static/js/shared/photo_sender.js").World & {asked: {address: string, options: any}[]}}
 */
function makeWorld(...answers) {
  /** @type {{address: string, options: any}[]} */
  const asked = [];
  return {
    asked,
    shrink: async (file) => file,
    pause: async () => {},
    fetch: async (address, options) => {
      asked.push({ address, options });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return new Response(JSON.stringify(answer));
    },
  };
}

for (const [file, name] of [
  ["Zoé Müller.jpg", "Zoé Müller"],
  ["03_Müller-Zoé (2).JPG", "Müller Zoé"],
  ["kahn.ben.jpeg", "kahn ben"],
  ["O'Neil, Ana.png", "O'Neil Ana"],
  ["李小龍.webp", "李小龍"],
  ["20240901_123.jpg", ""],
]) {
  test(`the name in ${file}`, () => assert.equal(nameOfFile(file), name));
}

test("a photo is sent with its name and token, and its outcome asked for until there is one", async () => {
  const looking = { state: "looking", outcome: "/rooms/r/photos/p1" };
  const world = makeWorld(looking, { state: "looking" }, { state: "kept", text: "", name: "Zoé", present: 1 });
  const outcome = await sendPhoto(new Blob(["x"]), { name: "Zoé" }, PLACE, world);
  assert.deepEqual([outcome.state, outcome.present], ["kept", 1]);
  const [first, ...later] = world.asked;
  assert.equal(first.options.headers["X-CSRFToken"], "token");
  assert.equal(first.options.body.get("name"), "Zoé");
  assert.deepEqual(later.map(({ address }) => address), ["/rooms/r/photos/p1", "/rooms/r/photos/p1"]);
});

test("a photo for one participant names the participant", async () => {
  const world = makeWorld({ state: "refused", text: "No face." });
  assert.deepEqual(await sendPhoto(new Blob(["x"]), { participant: "p" }, PLACE, world), { state: "refused", text: "No face." });
  assert.equal(world.asked[0].options.body.get("participant"), "p");
});

test("what cannot be opened is not sent", async () => {
  const world = { ...makeWorld({}), shrink: async () => Promise.reject(new Error("no picture")) };
  const outcome = await sendPhoto(new Blob(["x"]), { name: "Zoé" }, PLACE, world);
  assert.equal(outcome.state, "refused");
  assert.equal(world.asked.length, 0);
});

test("a server that cannot be reached, or never answers, is an outcome too", async () => {
  const gone = await sendPhoto(new Blob(["x"]), { name: "Zoé" }, PLACE, makeWorld(new TypeError("offline")));
  const slow = await sendPhoto(new Blob(["x"]), { name: "Zoé" }, PLACE, makeWorld({ state: "looking", outcome: "/o" }));
  assert.deepEqual([gone.state, slow.state], ["refused", "refused"]);
  assert.notEqual(gone.text, slow.text);
});

test("an identity event reads as what it is, with the reason", () => {
  const event = { participant: "p", reference: "check", distance: null, at: 0 };
  assert.equal(identityEvent({ ...event, event: "IDENTITY_UNSURE", reason: "poor light" }), "Cannot tell: poor light");
  assert.equal(identityEvent({ ...event, event: "IDENTITY_UNSURE", reason: "unheard of" }), "Cannot tell, which is no violation");
  assert.equal(identityEvent({ ...event, event: "AUTHORIZED", reason: null }), "The same person");
  assert.equal(identityEvent({ ...event, event: "AUTHORIZED", reason: null, reference: "photo" }), "Like the teacher's photo");
  assert.equal(identityWords({ identity: "mismatch", reference: "photo" }), "Does not look like the teacher's photo");
  assert.equal(new Set(["AUTHORIZED", "IDENTITY_UNSURE", "IDENTITY_MISMATCH"].map(identityEventSign)).size, 3);
});
