// The page of `app.py record-arm`: sends the phone's movement, batch after batch, to the computer that recorded the label.

import { find, pageData } from "../shared/dom.js";
import { fill } from "../shared/i18n.js";
import { Recorder } from "../phone/recorder.js";
import { MotionSensor } from "../sensors/motion.js";

const { texts } = pageData();
const start = find("#start", HTMLButtonElement);
const stop = find("#stop", HTMLButtonElement);
const state = find("#state", HTMLElement);
const activity = find("#activity", HTMLMeterElement);

/** @param {string} text @param {Record<string, unknown>} [params] */
function say(text, params = {}) {
  state.textContent = fill(texts[text], params);
}

/** @param {boolean} isRunning */
function show(isRunning) {
  start.hidden = isRunning;
  stop.hidden = !isRunning;
}

const recorder = new Recorder((path, body) => fetch(path, { method: "POST", body }), {
  onKept: ({ rows, seconds }) => say("running", { rows, seconds: Math.round(seconds) }),
  onLost: () => say("lost"),
});
const sensor = new MotionSensor({
  onBatch: (batch) => {
    activity.value = 100 * batch.activity;
    void recorder.send(batch);
  },
  onState: (now) => {
    if (now === "denied" || now === "none") say(now);
  },
});

start.addEventListener("click", async () => {
  await sensor.start(); // first: phones that ask do so within the touch alone
  if (!(await recorder.begin())) return;
  await navigator.wakeLock?.request("screen").catch(() => null);
  show(true);
  say("running", { rows: 0, seconds: 0 });
});

stop.addEventListener("click", async () => {
  sensor.stop();
  const kept = await recorder.end();
  show(false);
  if (kept === undefined) return;
  if (kept) say("kept", { name: kept });
  else say("short");
});
