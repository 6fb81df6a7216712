// @ts-check
/// <reference lib="dom" />
/** @import { Command, Event } from "../../lib/wire/protocol.ts" */
import { CLOSE, comesBack } from "./protocol.js";

/** How long an attempt may take until the server's welcome, in milliseconds. */
const WELCOME_MS = 10_000;
/** After how many silent milliseconds the server is asked for a sign of life. */
const QUIET_MS = 25_000;
/** How long its answer may take, in milliseconds. */
const PONG_MS = 5_000;

/**
 * @typedef {object} ConnectionOptions
 * @property {() => WebSocket} createSocket makes a socket for the person as they are known now
 * @property {import("./backoff.js").Backoff} backoff
 * @property {(events: readonly Event[]) => void} onEvents is told of each frame
 * @property {() => void} onLost is told when a connection, or an attempt, ended that will be followed by another
 * @property {(code: number, reason: string) => void} onEnded is told of a close code that asks not to come back
 */

/** One lasting connection over as many sockets as it takes. */
export class Connection {
  #options;
  /** @type {WebSocket | undefined} */
  #socket;
  #welcomed = false;
  #openedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #attemptTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lifeTimer;

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Whether the server has welcomed the person and has not been lost since. */
  get connected() {
    return this.#welcomed;
  }

  /** Connects at once, unless it is connected or about to be. */
  start() {
    clearTimeout(this.#attemptTimer);
    if (this.#socket) return;
    const socket = this.#options.createSocket();
    this.#socket = socket;
    this.#openedAt = performance.now();
    this.#expectLife(WELCOME_MS);
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#read(data);
    });
    socket.addEventListener("close", ({ code, reason }) => {
      if (socket === this.#socket) this.#end(code, reason);
    });
  }

  /** Leaves, and does not come back until it is started again. */
  stop() {
    this.#release()?.close(CLOSE.normal);
    clearTimeout(this.#attemptTimer);
  }

  /** Makes sure soon that the server is still there: the network may have changed under the socket. */
  probe() {
    if (!this.#welcomed) return this.restart();
    this.send({ type: "ping" });
    this.#expectLife(PONG_MS);
  }

  /** Leaves the socket behind and tries another one at once. */
  restart() {
    this.#release()?.close();
    this.start();
  }

  /**
   * Sends a command, if there is a connection.
   *
   * @param {Command} command
   * @returns {boolean} whether it was handed to a socket; whether it arrived, only its answer tells
   */
  send(command) {
    if (!this.#welcomed || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(command));
    return true;
  }

  /** @param {string} frame */
  #read(frame) {
    const value = JSON.parse(frame);
    /** @type {readonly Event[]} */
    const events = Array.isArray(value) ? value : [value];
    for (const event of events) {
      if (event.type === "welcome") this.#welcomed = true;
      if (event.type === "bye") this.#options.backoff.ask(event.reconnect_after_ms);
    }
    if (this.#welcomed) this.#watch();
    this.#options.onEvents(events);
  }

  #watch() {
    clearTimeout(this.#lifeTimer);
    this.#lifeTimer = setTimeout(() => this.probe(), QUIET_MS);
  }

  /** @param {number} ms */
  #expectLife(ms) {
    clearTimeout(this.#lifeTimer);
    // A socket whose network has gone may take minutes to notice: it is left behind.
    this.#lifeTimer = setTimeout(() => this.#abandon(), ms);
  }

  #abandon() {
    const socket = this.#socket;
    this.#end(1006, "");
    socket?.close();
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #end(code, reason) {
    const { backoff, onEnded, onLost } = this.#options;
    const welcomed = this.#welcomed;
    if (welcomed) backoff.lived(performance.now() - this.#openedAt);
    this.#release();
    if (!comesBack(code)) return onEnded(code, reason);
    if (code === CLOSE.flooding) backoff.slowDown();
    // The server's log was replaced, and it is there: what the page shows is wrong until it is back.
    const wait = code === CLOSE.restarted && welcomed ? 0 : backoff.next();
    this.#attemptTimer = setTimeout(() => this.start(), wait);
    onLost();
  }

  /** @returns {WebSocket | undefined} the socket that was let go of */
  #release() {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#welcomed = false;
    clearTimeout(this.#lifeTimer);
    return socket;
  }
}
