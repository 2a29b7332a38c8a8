// The student's page as a whole: what the server says, what the camera does, and which step is shown.

import { find } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { announce } from "../../shared/notify.js";
import { Camera, cameraEvent } from "../../sensors/camera/camera.js";
import { Capture } from "../../sensors/camera/capture.js";
import { PageWatch } from "../../sensors/page.js";
import { SourceReport } from "../../sensors/camera/source_report.js";
import { Wake } from "../../sensors/wake.js";
import { showCameraTrouble } from "./camera_trouble.js";
import { listCameras } from "../phones/cameras.js";
import { ChatBox } from "../chat/chat_box.js";
import { SystemCheck } from "../check/check.js";
import { CheckParts } from "../check/check_parts.js";
import { showConnection, showRoom } from "./connection_sign.js";
import { Hints } from "./hints.js";
import { setUpLeaving } from "./leave.js";
import { Memory } from "./memory.js";
import { StudentDesk } from "../desk/student_desk.js";
import { Paper } from "./paper.js";
import { measure } from "../check/probe.js";
import { Sending } from "./sending.js";
import { showNotices, showStep, showWaiting } from "./stage.js";
import { OVER, stepOf } from "../check/steps.js";
import { Surroundings } from "./surroundings.js";
import { CONNECTION } from "./messages.js";

/** @typedef {import("../../shared/connection.js").Connection} Connection */
/** @typedef {import("../../shared/connection.js").Problem} Problem */
/** @typedef {import("../../shared/connection.js").State} State */

const RELOADS = new Set(["ticket_expired"]);
const SAID_ALREADY = "PHONE_CHANNEL_LOST"; // by the panel of the phones, at once and with what to do

export class Participant {
  /** @param {{participant: {id: string}, room: {title: string}, frame_source: string, analysed: boolean, steps?: string[]}} data written into the page */
  constructor(data) {
    this.frameSource = data.frame_source;
    this.memory = new Memory(data.participant.id);
    /** @type {import("../check/steps.js").Situation} */
    this.situation = { connection: "connecting", problem: null, participant: null, room: null, standing: "" };
    this.step = "";
    /** @type {Connection | null} */
    this.connection = null;
    this.main = find("main", HTMLElement);
    this.video = find("#preview", HTMLVideoElement);
    this.sending = new Sending(find("#sending", HTMLElement));
    this.hints = new Hints(find("#hints", HTMLElement));
    this.paper = new Paper(find("#paper", HTMLElement), data.room.title);
    this.wake = new Wake();
    this.capture = new Capture({
      send: (seq, at, jpeg, kind) => this.#ask(kind, seq, at, jpeg),
      onSent: (frame) => this.#sent(frame),
      onSilent: (silent) => this.camera.silent(silent),
      onTiming: (timing) => this.source.learn(timing),
    });
    this.camera = new Camera({ onState: () => this.#cameraChanged(), onStream: (stream) => this.#preview(stream) });
    this.page = new PageWatch(() => this.#tellPage());
    const track = () => this.camera.stream?.getVideoTracks()[0];
    this.source = new SourceReport((source) => this.#ask("source", source), track);
    const check = find("#step-check", HTMLElement);
    const ask = (/** @type {string} */ event, /** @type {unknown} */ payload) => this.#ask(event, payload);
    this.parts = new CheckParts(check, data.steps ?? [], { ask, onDone: () => void this.#ready() });
    this.check = new SystemCheck(check, data.analysed, {
      onGo: () => this.parts.next(),
      onRetry: () => void this.camera.start(),
      onMeasure: () => void this.#measure(),
      onListen: () => this.around.retry(),
    });
    this.around = new Surroundings({ ask, check: this.check, parts: this.parts, hints: this.hints });
    this.desk = new StudentDesk(ask, (standing) => this.#become({ standing }));
    this.chat = new ChatBox(find("#chat", HTMLElement), find("#chat-toggle", HTMLButtonElement), {
      self: data.participant.id,
      say: async (client_id, text) => (await this.#ask("chat", { client_id, text })).message,
      memory: this.memory,
    });
    this.#bindButtons();
  }

  /** Listen to the server and ask for the camera. @param {Connection} connection */
  begin(connection) {
    this.connection = connection;
    this.around.listen(connection);
    this.desk.listen(connection);
    connection
      .on("welcome", (welcome) => this.#welcome(welcome))
      .on("capture", (plan) => this.#obey(plan))
      .on("look", (look) => this.check.learn({ look }))
      .on("hint", (hint) => hint.kind !== SAID_ALREADY && this.hints.take(hint))
      .on("admission", ({ state }) => this.#become({ participant: state }))
      .on("room", ({ room, exam }) => this.#roomChanged(room, exam))
      .on("chat", (message) => this.chat.add(message));
    void this.camera.start();
  }

  /** @param {State} state @param {Problem} [problem] */
  connectionChanged(state, problem) {
    if (problem && RELOADS.has(problem.code) && this.memory.mayReload(Date.now())) return location.reload();
    showConnection(state);
    this.around.sign.reach(state === "connected");
    if (state !== this.situation.connection) announce(t(CONNECTION[state].long ?? CONNECTION[state].short));
    this.#become({ connection: state, problem: problem?.code ?? null });
  }

  #bindButtons() {
    find("#preview-retry", HTMLButtonElement).addEventListener("click", () => void this.camera.start());
    const choice = find("#camera-choice", HTMLSelectElement);
    choice.addEventListener("change", () => void this.camera.start(choice.value));
    setUpLeaving(find("#leave-dialog", HTMLDialogElement), find("#leave", HTMLButtonElement), () => this.#leave());
  }

  /** @param {any} welcome */
  #welcome(welcome) {
    const { participant, room, capture, exam, messages, notices } = welcome;
    this.#obey(capture);
    showNotices(find("#not-watched", HTMLElement), notices ?? []);
    this.desk.welcome(participant);
    this.hints.clear(); // the word that one of them is over may have been missed
    this.#showExam(exam);
    this.#become({ participant: participant.state, room: room.state });
    this.#tellCamera();
    this.#tellPage();
    this.around.welcome(welcome);
    this.source.tell();
    void this.chat.welcome(messages);
    if (this.step === "check") void this.#measure();
  }

  /** @param {import("../../sensors/camera/pacing.js").Plan} plan */
  #obey(plan) {
    this.capture.obey(plan);
    this.sending.learn({ wanted: plan.fps > 0 });
  }

  /** @param {{state: string}} room @param {import("./paper.js").Exam | null} exam */
  #roomChanged(room, exam) {
    this.#showExam(exam);
    this.#become({ room: room.state });
  }

  /** @param {import("./paper.js").Exam | null} exam */
  #showExam(exam) {
    if (!exam) return;
    // The page's own policy was made for the link the exam had when the page was loaded.
    const isNewPlace = exam.kind === "link" && new URL(exam.address ?? "").origin !== this.frameSource;
    if (isNewPlace && this.memory.mayReload(Date.now())) return location.reload();
    if (this.paper.show(exam)) this.around.frames(this.paper.root.querySelectorAll("iframe"));
  }

  /** @param {Partial<import("../check/steps.js").Situation>} news */
  #become(news) {
    Object.assign(this.situation, news);
    if (news.room) showRoom(news.room);
    this.capture.run(this.situation.connection === "connected");
    showWaiting(this.situation.participant === "admitted");
    const step = stepOf(this.situation);
    if (step === this.step) return;
    this.step = step;
    if (step !== "check" && step !== "connecting") this.parts.stop();
    showStep(this.main, step, this.situation.problem);
    this.around.become(step);
    void this.wake.keep(!OVER.has(step));
    if (OVER.has(step)) this.#finish(step);
  }

  /** @param {string} step */
  #finish(step) {
    this.camera.stop();
    this.hints.clear();
    this.around.finish();
    find("#leave-dialog", HTMLDialogElement).close();
    if (["ended", "replaced", "closed"].includes(step)) return; // at the end the last checkpoint is still to come
    this.connection?.close(); // nothing more will come, and nothing more may be sent
  }

  #cameraChanged() {
    const { state } = this.camera;
    this.check.learn({ camera: state });
    this.sending.learn({ camera: state });
    this.main.dataset.camera = state;
    showCameraTrouble(find("#camera-trouble", HTMLElement), state);
    if (state === "on") void listCameras(find("#camera-choice", HTMLSelectElement), this.camera);
    this.#tellCamera();
  }

  /** @param {MediaStream | null} stream */
  #preview(stream) {
    this.video.srcObject = stream;
    if (stream) this.video.play().catch(() => {}); // a new source interrupts the one before
    this.capture.use(stream, this.video);
    this.source.changed();
  }

  /** @param {{bytes: number, width: number, height: number, level: number}} frame */
  #sent(frame) {
    this.sending.sent(frame);
    this.check.sent();
  }

  #tellCamera() {
    const { state, label } = this.camera;
    if (state !== "asking") this.#tell("camera", cameraEvent(state, label.slice(0, 200)));
  }

  #tellPage() {
    this.#tell("page", { state: this.page.state });
  }

  async #measure() {
    this.check.learn({ speed: null });
    try {
      const speed = await measure((event, payload) => this.#ask(event, payload));
      this.check.learn({ speed });
    } catch {
      // The connection was lost meanwhile; the next welcome measures again.
    }
  }

  async #ready() {
    try {
      const { state } = await this.#ask("ready", {});
      this.#become({ participant: state });
    } catch (problem) {
      const { code, text, params } = /** @type {Problem} */ (problem);
      this.parts.again(code);
      find("#go-note", HTMLElement).textContent = t(text, params);
    }
  }

  async #leave() {
    try {
      await this.#ask("leave", {});
    } catch (problem) {
      // The news that we have left may be faster than the answer, and ends the connection the answer would come by.
      if (this.situation.participant !== "left") throw problem;
    }
    this.#become({ participant: "left" });
  }

  /** Ask and wait. @param {string} event @param {...unknown} args @returns {Promise<any>} rejects with a Problem */
  async #ask(event, ...args) {
    return /** @type {Connection} */ (this.connection).request(event, ...args);
  }

  /** Say without waiting: where it does not arrive, the next welcome says it again. @param {string} event @param {unknown} payload */
  #tell(event, payload) {
    if (this.connection?.connected) this.connection.request(event, payload).catch(() => {});
  }
}
