// @ts-check
/// <reference lib="dom" />
/** @import { ErrorEvent, Event, WelcomeEvent } from "../../lib/wire/protocol.ts" */
/** @import { User } from "../../lib/model/user.ts" */
/** @import { Room } from "./state/room.js" */
/** @import { News } from "./attention.js" */
/** @import { Session } from "./session.js" */
import { newsOf } from "./attention.js";
import { Backoff } from "./backoff.js";
import { Connection } from "./connection.js";
import { Courier } from "./courier.js";
import { Deeds } from "./deeds.js";
import { Keeper } from "./keeper.js";
import { Pages } from "./pages.js";
import { CLOSE } from "./protocol.js";
import { ReadReports } from "./read_reports.js";
import { roomSentence } from "./refusal.js";
import { openSocket, request, RequestError } from "./session.js";
import { Chat } from "./state/chat.js";
import { Drafts } from "./store/drafts.js";
import { t } from "./strings.js";

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
 * @property {(news: News) => void} onNews is told of what somebody else has just said
 * @property {(welcome: WelcomeEvent) => Session} onWelcome is told who the server takes the person for, and answers
 *   with the session to come back with
 * @property {(code: number, reason: string) => void} onEnded is told with which close code the server turned the
 *   person away, and why
 */

/** The page's side of the conversation with the server: keeps the connection, asks, and turns what it hears into state. */
export class Client {
  chat = new Chat();
  #session;
  #options;
  #connection;
  #courier;
  #keeper;
  #reads;
  #typingRoom = "";
  #typingAt = -Infinity;

  /** @param {ClientOptions} options */
  constructor(options) {
    const { onChange, onEnded, session } = options;
    this.#options = options;
    this.#session = session;
    this.#connection = new Connection({
      backoff: new Backoff(),
      createSocket: () => openSocket(this.#session),
      onEvents: (events) => this.#hear(events),
      onLost: () => this.#lose("reconnecting"),
      onEnded: (code, reason) => {
        this.#lose("ended");
        // They signed out in another tab, which has emptied what this one may have filled again.
        if (code === CLOSE.unauthorized) this.#keeper.clear();
        onEnded(code, reason);
      },
    });
    this.#courier = new Courier({
      chat: this.chat,
      send: (command) => this.#connection.send(command),
      enter: (room) => this.#enter(room),
      onChange,
    });
    this.deeds = new Deeds(this.#courier, onChange);
    this.#keeper = new Keeper({
      chat: this.chat,
      onChange,
      fetchPage: (room) => this.pages.fetchNewest(room),
    });
    this.pages = new Pages(() => this.#session, onChange);
    this.#reads = new ReadReports((room, seq) =>
      this.#connection.send({ type: "read", room, seq })
    );
    if ("user" in session) {
      this.chat.me = session.user;
      this.#serve(session.user.id);
    }
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
    this.#courier.stop();
    this.#keeper.stop();
    this.#reads.stop();
    this.#connection.stop();
  }

  /** Forgets what the person left behind in this browser: they sign out. */
  async forget() {
    this.deeds.drafts?.clear();
    await Promise.all([this.#courier.clear(), this.#keeper.clear()]);
  }

  /** Notes that the network may have changed: finds out at once, instead of at the next attempt. */
  networkChanged() {
    if (this.chat.link === "connecting" || this.chat.link === "ended") return;
    // A browser that is offline may still reach a server on its own machine: only an attempt can tell.
    if (navigator.onLine) this.#connection.probe();
    else this.#connection.restart();
    if (!this.#connection.connected) this.#lose("reconnecting");
  }

  /** Sends what the person could still take back: the page is about to go. */
  hurry() {
    this.#reads.flush();
    this.#courier.hurry();
    this.#keeper.flush();
  }

  /**
   * Opens a room and shows it.
   *
   * @param {string} name
   */
  show(name) {
    this.chat.show(name);
    const room = this.chat.current;
    if (room.draft === "") room.draft = this.deeds.drafts?.read(name) ?? "";
    this.#return(room);
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
    this.#keeper.remove(name);
    this.#options.onChange();
  }

  /**
   * Says in a room what the person has written: with it they have stopped typing.
   *
   * @param {Room} room
   * @param {string} text
   */
  say(room, text) {
    this.#typingAt = -Infinity;
    return this.deeds.say(room, text);
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
   * Tells the person's other devices how far they have read.
   *
   * @param {Room} room
   */
  read(room) {
    this.#reads.note(room.name, room.reading.pos);
    this.#keeper.note();
    this.#options.onChange();
  }

  /**
   * The direct room with somebody, made if there is none.
   *
   * @param {User} user
   * @returns {Promise<string>} its name
   * @throws {import("./session.js").RequestError} if there is none and none can be made
   */
  async directWith({ id, name }) {
    const known = this.chat.directory.directWith(id);
    if (known !== undefined) return known;
    const body = { name };
    const options = { method: "POST", body, session: this.#session };
    const made = await request("/api/direct", options).catch((error) => {
      throw error.code === "not_found"
        ? new RequestError(t.errors.nobody(name), error.code)
        : error;
    });
    this.chat.directory.learn(made.room, { with: made.with });
    return made.room;
  }

  /**
   * Looks for messages.
   *
   * @param {URLSearchParams} query
   */
  search(query) {
    return request(`/api/search?${query}`, { session: this.#session });
  }

  /**
   * Asks which rooms there are.
   *
   * @returns {Promise<ReadonlyMap<string, number> | undefined>} where each stands, if the server answers
   */
  async refreshRooms() {
    try {
      /** @type {Record<"rooms" | "directs", readonly (import("./state/chat.js").ListedDirect & { seq: number })[]>} */
      const list = await request("/api/rooms", { session: this.#session });
      this.chat.list(list);
      this.#options.onChange();
      return new Map([...list.rooms, ...list.directs].map(({ room, seq }) => [room, seq]));
    } catch {
      // The list of other rooms is a convenience: the next time will do.
      return undefined;
    }
  }

  /** @param {readonly Event[]} events */
  #hear(events) {
    for (const event of events) {
      const news = newsOf(event, this.chat);
      this.chat.apply(event, Date.now());
      if (news) this.#options.onNews(news);
      switch (event.type) {
        case "welcome":
          this.#begin(event);
          break;
        case "joined":
          this.pages.refresh(this.chat.open(event.room));
          break;
        case "ack":
          this.#courier.take(event);
          break;
        case "error":
          this.#takeError(event);
          break;
      }
    }
    this.#keeper.note();
    this.#options.onChange();
  }

  /** @param {WelcomeEvent} welcome */
  #begin(welcome) {
    this.chat.link = "connected";
    this.#serve(welcome.user.id);
    this.#session = this.#options.onWelcome(welcome);
    for (const room of this.chat.rooms.values()) if (room.wanted) this.#enter(room);
    this.#courier.connected();
    this.#reads.flush();
    this.refreshRooms();
    this.#keeper.renew(() => this.refreshRooms());
  }

  /** @param {string} userId */
  #serve(userId) {
    this.deeds.drafts = new Drafts(userId);
    this.#courier.serve(userId);
    this.#keeper.serve(userId);
  }

  /**
   * Enters a room, from where its last page ends.
   *
   * @param {Room} room
   */
  async #return(room) {
    await this.#keeper.restore(room);
    if (this.chat.rooms.get(room.name) !== room) return;
    this.#enter(room);
    this.#options.onChange();
  }

  /** @param {Room} room */
  #enter(room) {
    const { name, since, stage } = room;
    if (stage !== "outside") return;
    const ref = JOIN_REF + name;
    const sent = this.#connection.send({ type: "join", ref, room: name, ...(since && { since }) });
    if (!sent) return;
    room.refusal = undefined;
    room.wanted = true;
    room.stage = "entering";
  }

  /** @param {ErrorEvent} error */
  #takeError(error) {
    const { ref, code, retry_after_ms: retryAfterMs } = error;
    if (!String(ref).startsWith(JOIN_REF)) return this.#courier.refuse(error);
    const room = this.chat.rooms.get(String(ref).slice(JOIN_REF.length));
    if (!room) return;
    room.stage = "outside";
    if (code === "unavailable" || code === "rate_limited") {
      setTimeout(() => this.#enter(room), retryAfterMs ?? RETRY_MS);
    } else {
      room.refusal = roomSentence(error, room.name);
      this.#courier.refuseRoom(room, room.refusal);
    }
  }

  /** @param {"reconnecting" | "ended"} link */
  #lose(link) {
    this.chat.interrupt();
    this.#keeper.lost();
    this.chat.link = link === "reconnecting" && !navigator.onLine ? "offline" : link;
    this.#courier.lost();
    this.#options.onChange();
  }
}
