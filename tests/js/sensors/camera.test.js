import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera, cameraEvent, stateOfError } from "../../../static/js/sensors/camera/camera.js";

class FakeTrack extends EventTarget {
  label = "Desk camera";
  muted = false;
  stopped = false;
  stop() {
    this.stopped = true;
  }
}

class FakeMedia extends EventTarget {
  /** @type {string | null} */
  fails = null;
  cameras = [{ deviceId: "a", kind: "videoinput", label: "Desk camera" }];
  /** @type {FakeTrack[]} */
  tracks = [];
  async getUserMedia() {
    if (this.fails) throw new DOMException("no", this.fails);
    const track = new FakeTrack();
    this.tracks.push(track);
    return { getVideoTracks: () => [track], getTracks: () => [track] };
  }
  async enumerateDevices() {
    return this.cameras;
  }
}

class FakePermission extends EventTarget {
  state = "granted";
}

function setUp() {
  const media = new FakeMedia();
  const permission = new FakePermission();
  /** @type {string[]} */
  const states = [];
  const streams = /** @type {(MediaStream | null)[]} */ ([]);
  const camera = new Camera(
    { onState: (state) => states.push(state), onStream: (stream) => streams.push(stream) },
    /** @type {any} */ (media),
    /** @type {any} */ ({ query: async () => permission }),
  );
  return { media, permission, camera, states, streams };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a camera is asked for and then on", async () => {
  const { camera, states } = setUp();
  await camera.start();
  assert.deepEqual(states, ["asking", "on"]);
  assert.equal(camera.label, "Desk camera");
});

test("a camera that nobody asked for stays off when one is plugged in", async () => {
  const { camera, media, states } = setUp();
  media.dispatchEvent(new Event("devicechange"));
  await settle();
  assert.deepEqual([states, media.tracks], [[], []]);
  await camera.start();
  assert.deepEqual(states, ["asking", "on"]);
});

test("each refusal of the browser has its own word", () => {
  const named = (/** @type {string} */ name) => stateOfError(new DOMException("", name));
  assert.equal(named("NotAllowedError"), "denied");
  assert.equal(named("NotFoundError"), "none");
  assert.equal(named("NotReadableError"), "busy");
  assert.equal(named("SecurityError"), "insecure");
});

test("an insecure address has no camera to ask for", async () => {
  const states = /** @type {string[]} */ ([]);
  const events = { onState: (/** @type {string} */ state) => void states.push(state), onStream: () => {} };
  // A default parameter would bring Node's own navigator in.
  const camera = new Camera(events, /** @type {any} */ ({ addEventListener() {} }), /** @type {any} */ ({ query: async () => undefined }));
  await camera.start();
  assert.deepEqual(states, ["insecure"]);
});

test("what the protocol has no word for travels as none, with the reason beside it", () => {
  assert.deepEqual(cameraEvent("busy", "Desk camera"), { state: "none", label: "busy" });
  assert.deepEqual(cameraEvent("unplugged", "Desk camera"), { state: "unplugged", label: "Desk camera" });
});

test("an unplugged camera is told as such, and taken back when it returns", async () => {
  const { camera, media, states } = setUp();
  await camera.start();
  media.cameras = [];
  media.tracks[0].dispatchEvent(new Event("ended"));
  await settle();
  assert.equal(states.at(-1), "unplugged");
  media.dispatchEvent(new Event("devicechange"));
  await settle();
  assert.equal(states.at(-1), "unplugged", "nothing is there to take yet");
  media.cameras = [{ deviceId: "b", kind: "videoinput", label: "Another" }];
  media.dispatchEvent(new Event("devicechange"));
  await settle();
  assert.equal(states.at(-1), "on");
});

test("a withdrawn permission is told as denied, and a new one is used at once", async () => {
  const { camera, media, permission, states } = setUp();
  await settle();
  await camera.start();
  permission.state = "denied";
  media.tracks[0].dispatchEvent(new Event("ended"));
  await settle();
  assert.equal(states.at(-1), "denied");
  permission.state = "granted";
  permission.dispatchEvent(new Event("change"));
  await settle();
  assert.equal(states.at(-1), "on");
});

test("a muted camera and one that falls silent say the same", async () => {
  const { camera, media, states } = setUp();
  await camera.start();
  media.tracks[0].dispatchEvent(new Event("mute"));
  assert.equal(states.at(-1), "muted");
  media.tracks[0].dispatchEvent(new Event("unmute"));
  assert.equal(states.at(-1), "on");
  camera.silent(true);
  assert.equal(states.at(-1), "muted");
  camera.silent(false);
  assert.equal(states.at(-1), "on");
});

test("after the exam nothing looks on: stopped, released, and not taken back", async () => {
  const { camera, media, streams } = setUp();
  await camera.start();
  camera.stop();
  assert.equal(media.tracks[0].stopped, true);
  assert.equal(streams.at(-1), null);
  media.dispatchEvent(new Event("devicechange"));
  await settle();
  assert.equal(media.tracks.length, 1);
});

test("a camera granted after the page was done with is let go at once", async () => {
  const { camera, media } = setUp();
  const starting = camera.start();
  camera.stop();
  await starting;
  assert.equal(media.tracks[0].stopped, true);
  assert.equal(camera.stream, null);
});
