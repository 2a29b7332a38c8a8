// The camera: asks for it, says in one word how it is, and takes it back by itself when it returns.

/**
 * What a camera can be. The protocol knows the first five; `busy` and `insecure` travel as `none` with that word as
 * label, and `asking` does not travel.
 * @typedef {"on" | "denied" | "unplugged" | "muted" | "none" | "busy" | "insecure" | "asking"} CameraState
 */
/** @typedef {(state: CameraState, label: string) => void} OnState */
/** @typedef {(stream: MediaStream | null) => void} OnStream */

const FRAME_RATE = { ideal: 15, max: 30 };
/** A face at a desk needs no more. @type {MediaTrackConstraints} */
const WEBCAM = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: FRAME_RATE, facingMode: "user" };
/** What lies on a desk two metres away is small. @type {MediaTrackConstraints} */
export const PHONE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: FRAME_RATE };

/** Name the state for the error that getUserMedia gave. @param {unknown} error @returns {CameraState} */
export function stateOfError(error) {
  const { name } = /** @type {DOMException} */ (error);
  if (name === "NotAllowedError" || name === "PermissionDeniedError") return "denied";
  if (name === "NotFoundError" || name === "DevicesNotFoundError" || name === "OverconstrainedError") return "none";
  if (name === "SecurityError") return "insecure";
  return "busy"; // NotReadableError, AbortError: the device is there but does not open
}

/** What the protocol says for a state. @param {CameraState} state @param {string} label */
export function cameraEvent(state, label) {
  if (state === "busy" || state === "insecure") return { state: "none", label: state };
  return { state, label };
}

export class Camera {
  /**
   * @param {{onState: OnState, onStream: OnStream}} events
   * @param {MediaDevices | undefined} [media] missing on an insecure origin
   * @param {Permissions | undefined} [permissions]
   * @param {MediaTrackConstraints} [wanted] which camera, while none was chosen by hand
   */
  constructor(events, media = navigator.mediaDevices, permissions = navigator.permissions, wanted = WEBCAM) {
    this.events = events;
    this.wanted = wanted;
    this.media = media;
    this.permissions = permissions;
    /** @type {CameraState} */
    this.state = "none";
    this.label = "";
    /** @type {MediaStream | null} */
    this.stream = null;
    this.device = "";
    this.isStopped = true; // until it is asked for: a phone on the arm has no use for its camera
    media?.addEventListener("devicechange", () => void this.#devicesChanged());
    void this.#watchPermission();
  }

  /** Ask for the camera, or for another one. @param {string} [device] */
  async start(device = this.device) {
    if (this.state === "asking") return;
    this.isStopped = false;
    this.device = device;
    if (!this.media?.getUserMedia) return this.#become("insecure");
    this.#release();
    this.#become("asking");
    try {
      this.#take(await this.#open(this.media));
    } catch (error) {
      this.#become(stateOfError(error));
    }
  }

  /** Switch the camera off for good: nothing may look on after the exam. */
  stop() {
    this.isStopped = true;
    this.#release();
    this.#become("none");
  }

  /** A camera that gives no new pictures says the same as one that mutes itself. @param {boolean} silent */
  silent(silent) {
    if (silent && this.state === "on") this.#become("muted");
    else if (!silent && this.state === "muted") this.#become("on");
  }

  /** List the cameras to choose from. @returns {Promise<{id: string, label: string}[]>} */
  async list() {
    const devices = (await this.media?.enumerateDevices()) ?? [];
    const cameras = devices.filter((device) => device.kind === "videoinput");
    return cameras.map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** @param {MediaDevices} media */
  async #open(media) {
    const { facingMode, ...size } = this.wanted;
    const which = this.device ? { deviceId: { exact: this.device } } : { facingMode };
    try {
      return await media.getUserMedia({ video: { ...size, ...which } });
    } catch (error) {
      if (/** @type {DOMException} */ (error).name !== "OverconstrainedError") throw error;
      return media.getUserMedia({ video: true });
    }
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    const track = stream.getVideoTracks()[0];
    if (this.isStopped) return track.stop();
    this.stream = stream;
    track.addEventListener("ended", () => void this.#ended(track));
    track.addEventListener("mute", () => this.#isMine(track) && this.silent(true));
    track.addEventListener("unmute", () => this.#isMine(track) && this.silent(false));
    this.events.onStream(stream);
    this.#become(track.muted ? "muted" : "on", track.label);
  }

  /** @param {MediaStreamTrack} track */
  #isMine(track) {
    return this.stream?.getVideoTracks()[0] === track;
  }

  /** Unplugged and forbidden both end a track; only the permission tells which. @param {MediaStreamTrack} track */
  async #ended(track) {
    if (!this.#isMine(track)) return;
    this.#release();
    const permission = await this.#permission();
    this.#become(permission && permission.state !== "granted" ? "denied" : "unplugged");
  }

  async #devicesChanged() {
    if (this.isStopped || this.state === "denied" || this.stream) return;
    const cameras = await this.list();
    if (this.device && !cameras.some(({ id }) => id === this.device)) this.device = ""; // another one will do
    if (cameras.length > 0) await this.start();
  }

  async #permission() {
    const name = /** @type {PermissionName} */ ("camera");
    return this.permissions?.query({ name }).catch(() => undefined); // not every browser knows the name
  }

  async #watchPermission() {
    const permission = await this.#permission();
    permission?.addEventListener("change", () => {
      if (permission.state === "granted" && this.state === "denied") void this.start();
      else if (permission.state !== "granted" && this.stream) this.#refused();
    });
  }

  #refused() {
    this.#release();
    this.#become("denied");
  }

  #release() {
    const stream = this.stream;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
    if (stream) this.events.onStream(null);
  }

  /** @param {CameraState} state @param {string} [label] */
  #become(state, label = this.label) {
    this.label = label;
    if (state === this.state) return;
    this.state = state;
    this.events.onState(state, label);
  }
}
