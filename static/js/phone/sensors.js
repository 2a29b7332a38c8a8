// All sensors of one phone: starts those that its role needs, and carries what they give to the server.

import { watchBattery } from "../sensors/battery.js";
import { Camera, cameraEvent, PHONE } from "../sensors/camera/camera.js";
import { Capture } from "../sensors/camera/capture.js";
import { watchLight } from "../sensors/light.js";
import { Microphone } from "../sensors/sound/microphone.js";
import { MotionSensor } from "../sensors/motion.js";
import { Outlet } from "../sensors/camera/outlet.js";
import { PlaceSensor } from "../sensors/place.js";
import { SoundWire } from "../sensors/sound/sound_wire.js";
import { Wake } from "../sensors/wake.js";
import { networkOf, orientationOf } from "./health.js";

/** @typedef {import("./mending.js").Needs} Needs */
/**
 * @typedef {object} SensorEvents
 * @property {(event: string, ...args: unknown[]) => Promise<any>} ask
 * @property {() => void} onChange anything that the page shows or the server wants to know
 * @property {(activity: number) => void} onMoved
 * @property {(level: number) => void} onHeard
 * @property {(sending: boolean) => void} onSending
 * @property {(frame: {bytes: number, level: number, width: number, height: number}) => void} onSent
 */

const MOST_BATCHES = 8; // two seconds of movement

export class PhoneSensors {
  /** @param {HTMLVideoElement} video @param {SensorEvents} events @param {string} facing which camera films: environment or user */
  constructor(video, events, facing) {
    const { ask, onChange } = events;
    this.events = events;
    this.video = video;
    /** @type {Needs} */
    this.needs = { camera: false, motion: false, microphone: false, place: false };
    this.power = /** @type {import("../sensors/battery.js").Power} */ ({ battery: null, charging: null });
    this.isStarted = false;
    this.endLight = () => {};
    const motion = new Outlet(ask, "motion", MOST_BATCHES);
    const wire = new SoundWire(ask);
    this.motion = new MotionSensor({
      onState: onChange,
      onBatch: ({ at, data, activity }) => {
        motion.send({ at: Math.round(at), data });
        events.onMoved(activity);
      },
    });
    this.microphone = new Microphone({
      onState: onChange,
      onSound: (sound) => wire.sound(sound),
      onLevel: (level) => wire.level(level),
      onMeter: ({ level }) => events.onHeard(level),
      onSending: events.onSending,
    });
    this.camera = new Camera({ onState: onChange, onStream: (stream) => this.#picture(stream) }, undefined, undefined, { ...PHONE, facingMode: facing });
    this.capture = new Capture({
      send: (seq, at, jpeg) => ask("frame", seq, at, jpeg),
      onSent: events.onSent,
      onSilent: (silent) => this.camera.silent(silent),
    });
    this.wake = new Wake(onChange);
    this.place = new PlaceSensor(() => {
      this.tellPlace();
      onChange();
    });
    void watchBattery((power) => (void Object.assign(this.power, power), onChange()));
  }

  /** Start what the role needs; the motion sensor first, because only a touch lets it ask. @param {Needs} needs */
  async start(needs) {
    this.needs = needs;
    const asked = needs.motion ? this.motion.start() : Promise.resolve();
    void this.wake.keep(true);
    this.endLight();
    this.endLight = watchLight((lux) => void this.events.ask("light", { lux }).catch(() => {}));
    await asked;
    if (needs.camera) await this.camera.start();
    if (needs.microphone) await this.microphone.start();
    if (needs.place) this.place.start();
    this.isStarted = true;
    this.events.onChange();
  }

  /** Whether it is known how the sensors are: before, what has not answered yet would be told as missing. */
  get isSettled() {
    return this.isStarted && this.camera.state !== "asking" && !(this.needs.motion && this.motion.state === "off");
  }

  /** Start again what does not run: after a word of the person, or when the page is back in front. */
  async mend() {
    const { needs } = this;
    if (needs.motion && this.motion.state !== "on") await this.motion.start();
    if (needs.camera && this.camera.state !== "on" && this.camera.state !== "asking") await this.camera.start();
    if (needs.microphone && this.microphone.state !== "on") await this.microphone.start();
    void this.wake.keep(true);
  }

  stop() {
    this.isStarted = false;
    this.motion.stop();
    this.microphone.stop();
    this.camera.stop();
    this.place.stop();
    this.endLight();
    void this.wake.keep(false);
  }

  /** Where the phone is, said again to a server that may have forgotten. */
  tellPlace() {
    if (this.place.told) this.events.ask("place", { ...this.place.told }).catch(() => {});
  }

  /** @returns {import("./health.js").Health} */
  health() {
    const { needs, camera, motion, microphone } = this;
    const moves = motion.state === "off" ? "none" : motion.state;
    return {
      ...this.power,
      awake: this.wake.state,
      visible: !document.hidden,
      orientation: orientationOf(screen.orientation, innerHeight >= innerWidth),
      network: networkOf(/** @type {any} */ (navigator).connection),
      camera: needs.camera ? cameraEvent(camera.state, "").state : "none",
      motion: needs.motion ? moves : "none",
      microphone: needs.microphone ? microphone.state : "off",
    };
  }

  /** @param {MediaStream | null} stream */
  #picture(stream) {
    this.video.srcObject = stream;
    if (stream) this.video.play().catch(() => {}); // a new source interrupts the one before
    this.capture.use(stream, this.video);
  }
}
