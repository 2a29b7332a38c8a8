import assert from "node:assert/strict";
import test from "node:test";

import { fill, loadCatalogue, t } from "../../../static/js/shared/i18n.js";

const answer = (/** @type {any} */ texts, ok = true) => async () => ({ ok, json: async () => texts });

test("places are filled in", () => {
  assert.equal(fill("%(name)s has %(count)d faces, 100%%", { name: "Zoé", count: 2 }), "Zoé has 2 faces, 100%");
});

test("a number is rounded as its place says", () => {
  assert.equal(fill("%(seconds).1f s, %(left)d", { seconds: 3.26, left: 4.9 }), "3.3 s, 4");
});

test("a number keeps its places, written as the reader's language does", () => {
  const page = /** @type {any} */ (globalThis);
  page.document = { documentElement: { lang: "fr" } };
  assert.equal(fill("%(seconds)s s, %(count)s", { seconds: 3.5, count: 1200 }), "3,5 s, 1200");
  delete page.document;
  assert.equal(fill("%(seconds)s s", { seconds: 3.5 }), "3.5 s");
});

test("an unknown place stays visible and inherited names are not places", () => {
  assert.equal(fill("%(who)s %(toString)s", {}), "%(who)s %(toString)s");
});

test("markup in a name stays text", () => {
  assert.equal(fill("%(name)s", { name: "<b>$&</b>" }), "<b>$&</b>");
});

test("a translation is used once loaded", async () => {
  await loadCatalogue("fr", answer({ "Hello %(name)s": "Bonjour %(name)s" }));
  assert.equal(t("Hello %(name)s", { name: "Ana" }), "Bonjour Ana");
  assert.equal(t("Unknown"), "Unknown");
});

test("without a catalogue the page speaks English", async (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  await loadCatalogue("fr", () => Promise.reject(new Error("no network")));
  assert.equal(t("Send"), "Send");
  await loadCatalogue("fr", answer({ Send: "Envoyer" }, false));
  assert.equal(t("Send"), "Send");
  assert.equal(warn.mock.callCount(), 1);
});
