import assert from "node:assert/strict";
import test from "node:test";

/** An element, as far as el() and Notices use it. */
class FakeElement {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {Record<string, string>} */
    this.attributes = {};
    /** @type {Record<string, string>} */
    this.dataset = {};
    /** @type {any[]} */
    this.children = [];
    this.hidden = false;
  }

  setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
    this.attributes[name] = value;
  }

  addEventListener() {}

  append(/** @type {any[]} */ ...children) {
    this.children.push(...children);
  }

  replaceChildren(/** @type {any[]} */ ...children) {
    this.children = children;
  }
}

const given = /** @type {any} */ (globalThis);
given.document = {
  createElement: (/** @type {string} */ tag) => new FakeElement(tag),
  createElementNS: (/** @type {string} */ _space, /** @type {string} */ tag) => new FakeElement(tag),
};
given.Element = given.HTMLElement = given.Node = FakeElement;

const { Notices } = await import("../../../static/js/teacher/alerts/notices.js");

test("what must be mended on the server is red, comes first and says how", () => {
  const root = new FakeElement("div");
  new Notices(/** @type {any} */ (root)).setNotices([
    "The direction of head and eyes is not analysed, and attention is not measured.",
    { text: "Faces are not detected.", remedy: "Fetch the models." },
  ]);
  const classes = root.children.map((line) => line.attributes.class);
  assert.deepEqual(classes, ["live-notice is-grave is-red", "live-notice"]);
  assert.ok(JSON.stringify(root.children[0]).includes("Faces are not detected. Fetch the models."));
  assert.equal(root.hidden, false);
});
