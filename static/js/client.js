// @ts-check
/// <reference lib="dom" />
/** @import { ErrorEvent, Event, WelcomeEvent } from "../../lib/wire/protocol.ts" */
/** @import { Room } from "./state/room.js" */
/** @import { Session } from "./session.js" */
import { Backoff } from "./backoff.js";
import { Connection } from "./connection.js";
import { openSocket, request } from "./session.js";
import { Chat } from "./state/chat.js";

/** How many older messages are fetched at once. */
const PAGE = 50;
/** How often the others are told again that the person is typing, in milliseconds: it fades after 5 s. */
const TYPING_AGAIN_MS = 3_000;
/** How long to wait before a room that could not be entered is tried again, where the server names no time. */
const RETRY_MS = 1_000;
/** What begins the `ref` of a `join`; what follows is the room. */
const JOIN_REF = "join:";

/**
 * @typedef {object} ClientOptions
 * @property {Session} session
 * @property {() => void} onChange is told that the state is another one now
 * @property {(welcome: WelcomeEvent) => Session} onWelcome is told who the server takes the person for, and answers
 *   with the session to come back with
 * @property {(code: number, reason: string) => void} onEnded is told with which close code the server turned the
 *   person away, and why
 */

/** What a person can do: turns it into state at once, into commands when there is a connection, and hears the answers. */
export class Client {
  chat = new Chat();
  #session;
  #options;
  #connection;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pumpTimer;
  #typingRoom = "";
  #typingAt = -Infinity;

  /** @param {ClientOptions} options */
  constructor(options) {
    this.#options = options;
    this.#session = options.session;
    if ("user" in options.session) this.chat.me = options.session.user;
    this.#connection = new Connection({
      backoff: new Backoff(),
      createSocket: () => openSocket(this.#session),
      onEvents: (events) => this.#hear(events),
      onLost: () => this.#lose("reconnecting"),
      onEnded: (code, reason) => {
        this.#lose("ended");
        options.onEnded(code, reason);
      },
    });
  }

  /** Whom the client speaks for, and how it proves it. */
  get session() {
    return this.#session;
  }

  /** Connects, and stays connected. */
  start() {
    this.#connection.start();
  }

  /** Leaves for good. */
  stop() {
    clearTimeout(this.#pumpTimer);
    this.#connection.stop();
  }

  /** Notes that the network may have changed: finds out at once, instead of at the next attempt. */
  networkChanged() {
    if (this.chat.link === "connecting" || this.chat.link === "ended") return;
    // A browser that is offline may still reach a server on its own machine: only an attempt can tell.
    if (navigator.onLine) this.#connection.probe();
    else this.#connection.restart();
    if (!this.#connection.connected) this.#lose("reconnecting");
  }

  /**
   * Opens a room and shows it.
   *
   * @param {string} name
   */
  show(name) {
    this.chat.show(name);
    this.#enter(this.chat.current);
    this.#options.onChange();
  }

  /**
   * Leaves a room.
   *
   * @param {string} name
   */
  leave(name) {
    this.#connection.send({ type: "leave", room: name });
    this.chat.rooms.delete(name);
    this.#options.onChange();
  }

  /**
   * Says something in a room: it is shown at once, and sent when its turn comes.
   *
   * @param {Room} room
   * @param {string} text
   */
  say(room, text) {
    room.outbox.add({ nonce: crypto.randomUUID(), text, time: Date.now() });
    room.newAfter = undefined;
    this.#typingAt = -Infinity;
    this.#pump();
    this.#options.onChange();
  }

  /**
   * Sends a message again that failed.
   *
   * @param {string} nonce
   */
  retry(nonce) {
    this.chat.roomOfOutgoing(nonce)?.outbox.retry(nonce);
    this.#pump();
    this.#options.onChange();
  }

  /**
   * Gives a message up that failed.
   *
   * @param {string} nonce
   */
  discard(nonce) {
    this.chat.roomOfOutgoing(nonce)?.outbox.remove(nonce);
    this.#options.onChange();
  }

  /**
   * Tells the others that the person is typing, or has stopped.
   *
   * @param {Room} room
   * @param {boolean} on
   */
  typing(room, on) {
    const now = Date.now();
    const told = this.#typingRoom === room.name && now - this.#typingAt < TYPING_AGAIN_MS;
    if (on === told || room.stage !== "inside") return;
    this.#connection.send({ type: "typing", room: room.name, on });
    this.#typingRoom = room.name;
    this.#typingAt = on ? now : -Infinity;
  }

  /**
   * Fetches messages from before the oldest one that is held.
   *
   * @param {Room} room
   */
  async loadOlder(room) {
    if (room.older === "loading" || room.complete || room.since === undefined) return;
    room.older = "loading";
    this.#options.onChange();
    const { firstPos } = room.messages;
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (firstPos > 0) query.set("before", String(firstPos));
    try {
      const path = `/api/rooms/${room.name}/messages?${query}`;
      const { messages } = await request(path, { session: this.#session });
      // After a reconnect other messages may be held by now: these would leave a hole.
      if (room.messages.firstPos === firstPos) room.prepend(messages);
      else room.older = "idle";
    } catch {
      room.older = "failed";
    }
    this.#options.onChange();
  }

  /** Asks which rooms there are. */
  async refreshRooms() {
    try {
      /** @type {{ rooms: readonly { room: string }[] }} */
      const { rooms } = await request("/api/rooms", { session: this.#session });
      this.chat.directory = rooms.map(({ room }) => room);
      this.#options.onChange();
    } catch {
      // The list of other rooms is a convenience: the next time will do.
    }
  }

  /** @param {readonly Event[]} events */
  #hear(events) {
    for (const event of events) {
      this.chat.apply(event, Date.now());
      if (event.type === "welcome") this.#begin(event);
      if (event.type === "error") this.#takeError(event);
    }
    this.#pump();
    this.#options.onChange();
  }

  /** @param {WelcomeEvent} welcome */
  #begin(welcome) {
    this.chat.link = "connected";
    this.#session = this.#options.onWelcome(welcome);
    for (const room of this.chat.rooms.values()) this.#enter(room);
    this.refreshRooms();
  }

  /** @param {Room} room */
  #enter(room) {
    const { name, since, stage } = room;
    if (stage !== "outside") return;
    const ref = JOIN_REF + name;
    const sent = this.#connection.send({ type: "join", ref, room: name, ...(since && { since }) });
    if (sent) room.stage = "entering";
  }

  /** @param {ErrorEvent} error */
  #takeError({ ref, code, message, retry_after_ms: retryAfterMs }) {
    const room = this.chat.rooms.get(String(ref).replace(JOIN_REF, ""));
    if (!room || !String(ref).startsWith(JOIN_REF)) return;
    room.stage = "outside";
    if (code === "unavailable" || code === "rate_limited") {
      setTimeout(() => this.#enter(room), retryAfterMs ?? RETRY_MS);
    } else {
      room.refusal = message;
    }
  }

  /** @param {"reconnecting" | "ended"} link */
  #lose(link) {
    this.chat.interrupt();
    this.chat.link = link === "reconnecting" && !navigator.onLine ? "offline" : link;
    this.#options.onChange();
  }

  /** Sends what may be sent now, and comes back when more may be. */
  #pump() {
    clearTimeout(this.#pumpTimer);
    const now = Date.now();
    let wakeAt = Infinity;
    for (const { name, outbox, stage } of this.chat.rooms.values()) {
      if (stage === "outside") continue;
      const next = outbox.take(now);
      if (next) this.#send(name, next);
      else if (outbox.waiting) wakeAt = Math.min(wakeAt, outbox.heldUntil);
    }
    if (wakeAt < Infinity) this.#pumpTimer = setTimeout(() => this.#pump(), wakeAt - now);
  }

  /**
   * @param {string} room
   * @param {{ nonce: string, text: string }} message
   */
  #send(room, { nonce, text }) {
    this.#connection.send({ type: "send", ref: nonce, nonce, room, text });
  }
}
