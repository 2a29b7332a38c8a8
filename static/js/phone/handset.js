// The phone's page as a whole: what the server says, what the sensors do, and which part is shown.

import { el, find, icon } from "../shared/dom.js";
import { N_, t } from "../shared/i18n.js";
import { announce } from "../shared/notify.js";
import { SoundSign } from "../shared/sound_sign.js";
import { isApple } from "../sensors/motion.js";
import { browserOf } from "../student/check/camera_help.js";
import { setUpLeaving } from "../student/exam/leave.js";
import { Memory } from "../student/exam/memory.js";
import { Sending } from "../student/exam/sending.js";
import { CONNECTION } from "../student/exam/messages.js";
import { Dark } from "./dark.js";
import { HealthReport } from "./health.js";
import { LiveView } from "./live_view.js";
import { PhoneSensors } from "./sensors.js";
import { ENDINGS, ENDS, stepOf } from "./steps.js";

/** @typedef {import("../shared/connection.js").Connection} Connection */
/** @typedef {import("./mending.js").Needs} Needs */

export class Handset {
  /** @param {{phone: {id: string}, facing: string}} data written into the page */
  constructor(data) {
    this.memory = new Memory(data.phone.id, localStorage);
    /** @type {import("./steps.js").Situation} */
    this.situation = { connection: "connecting", problem: null, welcomed: false, started: false, room: null, admission: null, left: false };
    this.step = "connecting";
    /** @type {Needs} */
    this.needs = { camera: false, motion: false, microphone: false, place: false };
    /** @type {"seen" | "not_seen" | "unknown" | null} */
    this.proof = null;
    /** @type {Connection | null} */
    this.connection = null;
    this.view = new LiveView(find("#phone-live", HTMLElement));
    this.sign = new SoundSign(find("#sound-sign", HTMLElement), find("#listened", HTMLElement));
    this.sending = new Sending(find("#sending", HTMLElement));
    this.dark = new Dark(find("#dark", HTMLElement), find("#darken", HTMLElement));
    this.sensors = new PhoneSensors(find("#preview", HTMLVideoElement), {
      ask: (event, ...args) => this.#ask(event, ...args),
      onChange: () => this.#changed(),
      onMoved: (activity) => this.view.moved(activity),
      onHeard: (level) => this.view.heard(level),
      onSending: (sending) => this.sign.sending(sending),
      onSent: (frame) => this.sending.sent(frame),
    }, data.facing);
    this.health = new HealthReport(() => this.sensors.health(), (health) => this.#tellHealth(health));
    this.#bind();
  }

  /** @param {Connection} connection */
  begin(connection) {
    this.connection = connection;
    connection
      .on("welcome", (welcome) => this.#welcome(welcome))
      .on("capture", (plan) => this.#obey(plan))
      .on("phone", (view) => this.#viewed(view))
      .on("listening", ({ on }) => this.#listened(on))
      .on("admission", ({ state }) => this.#become({ admission: state }))
      .on("room", ({ room }) => this.#become({ room: room.state }));
  }

  /** @param {import("../shared/connection.js").State} state @param {import("../shared/connection.js").Problem} [problem] */
  connectionChanged(state, problem) {
    if (problem?.code === "ticket_expired" && this.memory.mayReload(Date.now())) return location.reload();
    this.sign.reach(state === "connected");
    const word = CONNECTION[state];
    const sign = find("#connection", HTMLElement);
    sign.hidden = false;
    sign.dataset.tone = word.tone;
    sign.replaceChildren(icon(word.icon), " ", el("span", { class: "bar-word" }, t(word.short)));
    this.#become({ connection: state, problem: problem?.code ?? null });
  }

  #bind() {
    find("#start", HTMLButtonElement).addEventListener("click", () => void this.#start());
    find("#retry", HTMLButtonElement).addEventListener("click", () => void this.sensors.mend());
    // Some browsers let sound begin only at a touch after the page was loaded.
    document.addEventListener("pointerdown", () => this.sensors.microphone.resume());
    const dialog = find("#unpair-dialog", HTMLDialogElement);
    setUpLeaving(dialog, find("#unpair", HTMLButtonElement), () => this.#leave(), N_("This phone is still connected."));
    document.addEventListener("visibilitychange", () => this.#seen());
    for (const event of ["resize", "online", "offline"]) addEventListener(event, () => this.#changed());
  }

  /** @param {any} welcome */
  #welcome({ phone, needs, room, capture, listening }) {
    this.#viewed(phone);
    this.needs = needs;
    this.view.need(needs);
    this.#obey(capture);
    this.#listened(Boolean(listening));
    this.#become({ welcomed: true, room: room.state });
    this.sensors.tellPlace();
    if (this.situation.started) return this.health.now();
    // A phone that was started before goes on by itself, unless its system wants a touch each time.
    if (this.memory.wasStarted && !(needs.motion && isApple())) void this.#start();
  }

  /** What the server knows of this phone. @param {import("../shared/phone_labels.js").PhoneView} view */
  #viewed({ proof }) {
    this.proof = proof?.state ?? null;
    this.#changed();
  }

  async #start() {
    this.#become({ started: true });
    this.memory.wasStarted = true;
    await this.sensors.start(this.needs);
  }

  /** @param {import("../sensors/camera/pacing.js").Plan} plan */
  #obey(plan) {
    this.sensors.capture.obey(plan);
    this.sending.learn({ wanted: plan.fps > 0 });
  }

  /** @param {boolean} on */
  #listened(on) {
    this.sign.listened(on);
    this.sensors.microphone.listen(on);
  }

  /** @param {Partial<import("./steps.js").Situation>} news */
  #become(news) {
    Object.assign(this.situation, news);
    this.sensors.capture.run(this.situation.connection === "connected");
    this.#changed();
    const step = stepOf(this.situation);
    if (step === this.step) return;
    this.step = step;
    document.body.dataset.step = step;
    const shown = ENDS.has(step) ? "end" : step;
    for (const part of ["connecting", "start", "live", "end"]) find(`#phone-${part}`, HTMLElement).hidden = part !== shown;
    if (ENDS.has(step)) this.#finish(step);
    find(`#phone-${shown} h1`, HTMLElement).focus({ preventScroll: true });
  }

  /** @param {import("./steps.js").Step} step */
  #finish(step) {
    this.sensors.stop();
    this.sign.listened(false);
    this.dark.learn(false);
    const { icon: name, title, text, action } = ENDINGS[step];
    const ways = {
      reload: () => el("button", { type: "button", class: "btn btn-primary", onclick: () => location.reload() }, t("Load the page again")),
      code: () => el("a", { class: "btn btn-primary", href: "/phone/join" }, t("Type a code")),
    };
    const parts = [icon(name), el("h1", { tabindex: "-1" }, t(title)), el("p", {}, t(text)), action && ways[action]()];
    find("#phone-end", HTMLElement).replaceChildren(...parts.filter((part) => part !== undefined));
    announce(t(title));
    if (step !== "replaced" && step !== "closed") this.connection?.close();
  }

  /** A sensor, the battery, the connection: show it, and tell the server soon. */
  #changed() {
    if (!this.health) return; // still being built
    const { camera, motion, microphone, place, wake, power } = this.sensors;
    this.sending.learn({ camera: camera.state });
    this.sign.become(microphone.state);
    const isWell = this.view.show({
      needs: this.needs,
      browser: browserOf(navigator.userAgent),
      online: this.situation.connection === "connected",
      secure: isSecureContext,
      camera: camera.state,
      motion: motion.state,
      microphone: microphone.state,
      place: place.told?.state ?? "unknown",
      awake: wake.state,
      proof: this.proof,
      ...power,
    });
    this.dark.learn(isWell && this.step === "live");
    if (this.situation.started) this.health.changed();
  }

  #seen() {
    if (!document.hidden && this.step === "live") void this.sensors.mend();
    this.#changed();
  }

  async #leave() {
    await this.#ask("leave", {});
    this.memory.wasStarted = false;
    // lets this browser's cookie go, so that a later visit finds the form for a code and no story of this phone
    fetch("/phone/closed").catch(() => {});
    this.#become({ left: true });
  }

  /** Before the start, and while the phone asks, there is nothing to say. @param {import("./health.js").Health} health */
  #tellHealth(health) {
    if (this.step !== "live" || !this.sensors.isSettled || !this.connection?.connected) return false;
    this.#tell("health", health);
    return true;
  }

  /** @param {string} event @param {...unknown} args @returns {Promise<any>} rejects with a Problem */
  async #ask(event, ...args) {
    return /** @type {Connection} */ (this.connection).request(event, ...args);
  }

  /** Say without waiting: the next welcome says it again. @param {string} event @param {unknown} payload */
  #tell(event, payload) {
    if (this.connection?.connected) this.connection.request(event, payload).catch(() => {});
  }
}
