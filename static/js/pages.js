// @ts-check
/// <reference lib="dom" />
/** @import { MessageView } from "../../lib/wire/protocol.ts" */
/** @import { Room } from "./state/room.js" */
/** @import { Session } from "./session.js" */
import { request } from "./session.js";
import { MAX_STALE } from "./state/room_log.js";

/** How many messages are fetched at once: as many as the server gives. */
const PAGE = 100;
/** How many of them, at a place in the middle of the log, are before it. */
const BEFORE = 50;
/** How many quoted messages are fetched at a time. */
const MAX_QUOTES = 4;

/**
 * Which messages of a room are fetched, by their places: those right before one, or the first after one.
 *
 * @typedef {{ readonly before: number, readonly limit?: number } | { readonly after: number, readonly limit?: number }} Wanted
 */

/**
 * Fetches the messages of rooms that did not come by themselves: older and later ones, missing ones, quoted ones, and
 * what may have changed. What comes is taken only if the room still stands as it did when it was asked for.
 */
export class Pages {
  #session;
  #onChange;
  /** @type {Set<string>} the quoted messages that were asked for, each once a visit */
  #asked = new Set();
  #asking = 0;
  /** @type {WeakSet<object>} the messages, as they were, of which it was asked who reacted to them */
  #reacted = new WeakSet();

  /**
   * @param {() => Session} session
   * @param {() => void} onChange is told that the state is another one now
   */
  constructor(session, onChange) {
    this.#session = session;
    this.#onChange = onChange;
  }

  /**
   * Fetches messages from before the oldest one that is shown.
   *
   * @param {Room} room
   */
  async loadOlder(room) {
    const { passage, shown, visits } = room;
    if (shown.older === "loading" || shown.complete || room.since === undefined) return;
    if (passage?.stale) return;
    shown.older = "loading";
    this.#onChange();
    const { firstPos } = shown.messages;
    try {
      const messages = await this.#fetch(room, { before: firstPos });
      // Otherwise these would leave a hole, or may have changed on their way.
      const fits = room.shown === shown && room.visits === visits &&
        shown.messages.firstPos === firstPos;
      if (fits) shown.prepend(messages, room.sight);
      else shown.older = "idle";
    } catch {
      shown.older = "failed";
    }
    this.#onChange();
  }

  /**
   * Fetches messages from after the newest one that is shown, if the newest ones of all are not.
   *
   * @param {Room} room
   */
  async loadNewer(room) {
    const { passage, visits } = room;
    if (!passage || passage.newer === "loading" || passage.stale) return;
    passage.newer = "loading";
    this.#onChange();
    const { lastPos } = passage.messages;
    try {
      const messages = await this.#fetch(room, { after: lastPos });
      const fits = room.passage === passage && room.visits === visits &&
        passage.messages.lastPos === lastPos;
      if (fits) room.append(messages, messages.length < PAGE);
      else passage.newer = "idle";
    } catch {
      passage.newer = "failed";
    }
    this.#onChange();
  }

  /**
   * Fetches a page of the messages that are missing, the newest of them.
   *
   * @param {Room} room
   */
  async fillGap(room) {
    const { gap, visits } = room;
    if (!gap || gap.state === "loading") return;
    room.gap = { ...gap, state: "loading" };
    this.#onChange();
    try {
      const messages = await this.#fetch(room, { before: gap.before });
      if (room.gap?.before !== gap.before) return;
      if (room.visits === visits) room.fill(messages);
      else room.gap = { ...room.gap, state: "idle" };
    } catch {
      if (room.gap) room.gap = { ...room.gap, state: "failed" };
    }
    this.#onChange();
  }

  /**
   * Fetches anew what was held before a break, if it may have changed meanwhile.
   *
   * @param {Room} room
   */
  async refresh(room) {
    await Promise.all([this.#refreshNewest(room), this.#refreshPassage(room)]);
  }

  /**
   * Makes sure that a message is shown.
   *
   * @param {Room} room
   * @param {string} id
   * @returns {Promise<void>} rejects with a `RequestError` if it cannot be fetched
   */
  async find(room, id) {
    if (room.passage?.messages.get(id)) return;
    if (room.messages.get(id)) return room.close();
    const { pos } = room.message(id) ?? await this.#fetchOne(room, id);
    await this.open(room, pos);
  }

  /**
   * Shows what was said at a place of the log and around it.
   *
   * @param {Room} room
   * @param {number} pos
   * @returns {Promise<string | undefined>} the id of the first message that is there or later; rejects with a
   *   `RequestError` if it cannot be fetched
   */
  async open(room, pos) {
    const { visits } = room;
    const [before, after] = await Promise.all([
      pos > 1 ? this.#fetch(room, { before: pos, limit: BEFORE }) : [],
      this.#fetch(room, { after: pos - 1, limit: PAGE - BEFORE }),
    ]);
    // Whatever changed while the connection was away came too late for these.
    if (room.visits !== visits) return await this.open(room, pos);
    room.open([...before, ...after]);
    this.#onChange();
    return after[0]?.id;
  }

  /**
   * Shows what was said from a moment on.
   *
   * @param {Room} room
   * @param {number} time in milliseconds since 1970
   * @returns {Promise<string | undefined>} the id of the first message since then; rejects with a `RequestError` if it
   *   cannot be fetched
   */
  async openTime(room, time) {
    const path = `/api/rooms/${room.name}/place?${new URLSearchParams({ time: String(time) })}`;
    const { pos } = await request(path, { session: this.#session() });
    return await this.open(room, pos);
  }

  /**
   * Fetches a message that another one quotes.
   *
   * @param {Room} room
   * @param {string} id
   */
  async quote(room, id) {
    const { name, visits } = room;
    const asked = `${name} ${visits} ${id}`;
    if (this.#asking >= MAX_QUOTES || this.#asked.has(asked)) return;
    this.#asked.add(asked);
    this.#asking++;
    const message = await this.#fetchOne(room, id).catch(() => undefined);
    this.#asking--;
    if (message && room.visits === visits) {
      this.#asked.delete(asked);
      room.quote(message);
    }
    this.#onChange();
  }

  /**
   * Asks who reacted to a message: once, until the message is another one. What fails is tried again the next time.
   *
   * @param {Room} room
   * @param {string} id
   * @param {string} [myId]
   */
  async askWhoReacted(room, id, myId) {
    const { visits } = room;
    const message = room.message(id);
    if (!message || this.#reacted.has(message)) return;
    this.#reacted.add(message);
    const path = `${messagePath(room, id)}/reactions`;
    const told = await request(path, { session: this.#session() }).catch(() => undefined);
    if (!told) this.#reacted.delete(message);
    if (!told || room.visits !== visits) return;
    const known = room.tellReactors(id, told, myId);
    if (known) this.#reacted.add(known);
    this.#onChange();
  }

  /** @param {Room} room */
  async #refreshNewest(room) {
    const { staleBefore } = room;
    if (staleBefore === undefined) return;
    const wanted = { before: staleBefore, limit: MAX_STALE };
    const messages = await this.#fetch(room, wanted).catch(() => undefined);
    if (room.staleBefore === staleBefore) room.refresh(messages);
    this.#onChange();
  }

  /** @param {Room} room */
  async #refreshPassage(room) {
    const { passage, visits } = room;
    if (!passage?.stale) return;
    const wanted = { after: passage.messages.firstPos - 1, limit: MAX_STALE };
    const messages = await this.#fetch(room, wanted).catch(() => undefined);
    if (room.passage !== passage || room.visits !== visits) return;
    if (messages) passage.refresh(messages);
    else room.close();
    this.#onChange();
  }

  /**
   * The newest messages of a room.
   *
   * @param {string} name
   * @returns {Promise<readonly MessageView[]>} rejects with a `RequestError`
   */
  fetchNewest(name) {
    return this.#fetch({ name }, { before: 0 });
  }

  /**
   * @param {Pick<Room, "name">} room
   * @param {Wanted} wanted
   * @returns {Promise<readonly MessageView[]>}
   */
  async #fetch({ name }, { limit = PAGE, ...place }) {
    const query = new URLSearchParams({ limit: String(limit) });
    if ("after" in place) query.set("after", String(place.after));
    if ("after" in place) query.set("first", "true");
    // Before nothing are the newest.
    else if (place.before > 0) query.set("before", String(place.before));
    const path = `/api/rooms/${name}/messages?${query}`;
    const { messages } = await request(path, { session: this.#session() });
    return messages;
  }

  /**
   * @param {Room} room
   * @param {string} id
   * @returns {Promise<MessageView>}
   */
  async #fetchOne(room, id) {
    const { message } = await request(messagePath(room, id), { session: this.#session() });
    return message;
  }
}

/**
 * @param {Room} room
 * @param {string} id
 */
function messagePath({ name }, id) {
  return `/api/rooms/${name}/messages/${encodeURIComponent(id)}`;
}
