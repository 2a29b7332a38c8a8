// The one object that owns a Socket.IO connection: reconnects, answers, and says in one word how things are.

import { N_, t } from "./i18n.js";
import { io } from "/static/vendor/socket.io/socket.io.esm.min.js";

/** @typedef {"connecting" | "connected" | "reconnecting" | "refused" | "replaced" | "closed"} State */
/** @typedef {{code: string, text: string, params?: Record<string, unknown>, retry_after?: number}} WireError */
/**
 * @typedef {object} Options
 * @property {(state: State, problem?: Problem) => void} [onState]
 * @property {number} [timeout] ms to wait for an answer
 * @property {(address: string, options: any) => any} [connect] stands in for Socket.IO in tests
 * @property {(run: () => void, ms: number) => any} [later] stands in for setTimeout in tests
 */

const ANSWER_TIMEOUT = 8000;
// First try after half a second, then up to five: a class of 40 must not come back in one burst, hence the jitter.
const RETRY = { reconnectionDelay: 500, reconnectionDelayMax: 5000, randomizationFactor: 0.5 };
const LOST = { code: "offline", text: N_("There is no connection to the server right now.") };
const SLOW = { code: "no_answer", text: N_("The server did not answer in time.") };

/** What went wrong, in a form to show: t(problem.text, problem.params). */
export class Problem extends Error {
  /** @param {WireError} error */
  constructor({ code, text, params = {}, retry_after }) {
    super(`${code}: ${text}`);
    this.name = "Problem";
    this.code = code;
    this.text = text;
    this.params = params;
    /** Seconds until it makes sense to try again. */
    this.retryAfter = retry_after;
  }
}

/** What a person is told of something that went wrong. @param {unknown} problem */
export function problemWords(problem) {
  return problem instanceof Problem ? t(problem.text, problem.params) : t("Something went wrong. Please try again.");
}

/** A connection to one namespace with one ticket. */
export class Connection {
  /**
   * @param {string} namespace "/student" or "/teacher"
   * @param {string | (() => string | Promise<string>)} ticket a function is asked again at each reconnect
   * @param {Options} [options]
   */
  constructor(namespace, ticket, { onState = () => {}, timeout = ANSWER_TIMEOUT, connect = io, later = setTimeout } = {}) {
    this.onState = onState;
    this.timeout = timeout;
    this.later = later;
    /** @type {State} */
    this.state = "connecting";
    this.socket = connect(namespace, { auth: giveTicket(ticket), transports: ["websocket"], forceNew: true, ...RETRY });
    this.socket.on("connect", () => this.#become("connected"));
    this.socket.on("disconnect", (/** @type {string} */ reason) => this.#lost(reason));
    this.socket.on("connect_error", (/** @type {Error & {data?: unknown}} */ error) => this.#failed(error));
    this.socket.on("replaced", () => this.#end("replaced"));
    this.onState(this.state);
  }

  /** @returns {boolean} */
  get connected() {
    return this.state === "connected";
  }

  /**
   * Call `handle` at each such event from the server; its last argument is the acknowledgement where one is asked for.
   * @param {string} event
   * @param {(...args: any[]) => void} handle
   * @returns {this}
   */
  on(event, handle) {
    this.socket.on(event, handle);
    return this;
  }

  /**
   * Send an event and return the server's answer.
   * @param {string} event
   * @param {...unknown} args
   * @returns {Promise<any>}
   * @throws {Problem} the server's error, `offline`, or `no_answer`
   */
  async request(event, ...args) {
    if (!this.socket.connected) throw new Problem(LOST);
    const answer = await this.socket
      .timeout(this.timeout)
      .emitWithAck(event, ...args)
      .catch(() => ({ error: this.socket.connected ? SLOW : LOST }));
    if (answer?.error) throw new Problem(answer.error);
    return answer;
  }

  /** End it for good. */
  close() {
    this.#end("closed");
  }

  /**
   * @param {State} state
   * @param {Problem} [problem]
   */
  #become(state, problem) {
    if (this.#isOver()) return;
    this.state = state;
    this.onState(state, problem);
  }

  /**
   * @param {State} state
   * @param {Problem} [problem]
   */
  #end(state, problem) {
    this.#become(state, problem);
    this.socket.disconnect();
  }

  #isOver() {
    return this.state === "replaced" || this.state === "closed" || this.state === "refused";
  }

  /** @param {string} reason */
  #lost(reason) {
    // Only the server itself says "io server disconnect"; a dropped network or a restart says something else.
    this.#become(reason === "io server disconnect" ? "closed" : "reconnecting");
  }

  /** @param {Error & {data?: any}} error */
  #failed(error) {
    if (!error.data?.code) {
      if (this.state !== "connecting") this.#become("reconnecting");
      // Without `data.code` it was the network; Socket.IO tries again by itself unless the server refused.
      if (this.socket.active === false) this.#again(RETRY.reconnectionDelayMax);
      return;
    }
    const problem = new Problem(error.data);
    if (problem.retryAfter === undefined) return this.#end("refused", problem);
    this.#become("reconnecting", problem);
    this.#again(problem.retryAfter * 1000);
  }

  /** @param {number} ms */
  #again(ms) {
    this.later(() => this.#isOver() || this.socket.connect(), ms);
  }
}

/**
 * @param {string | (() => string | Promise<string>)} ticket
 * @returns {(answer: (auth: {ticket: string}) => void) => void}
 */
function giveTicket(ticket) {
  return async (answer) => answer({ ticket: typeof ticket === "function" ? await ticket() : ticket });
}
