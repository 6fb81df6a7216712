// @ts-check
/// <reference lib="dom" />
/** @import { MessageView } from "../../lib/wire/protocol.ts" */
/** @import { Room } from "./state/room.js" */
/** @import { Session } from "./session.js" */
import { request } from "./session.js";
import { MAX_STALE } from "./state/room.js";

/** How many messages are fetched at once. */
const PAGE = 50;
/** How many pages are fetched at the most to find one message. */
const MAX_PAGES = 40;

/** Fetches the messages of rooms that did not come by themselves: older ones, missing ones, and what may have changed. */
export class Pages {
  #session;
  #onChange;

  /**
   * @param {() => Session} session
   * @param {() => void} onChange is told that the state is another one now
   */
  constructor(session, onChange) {
    this.#session = session;
    this.#onChange = onChange;
  }

  /**
   * Fetches messages from before the oldest one that is held.
   *
   * @param {Room} room
   */
  async loadOlder(room) {
    if (room.older === "loading" || room.complete || room.since === undefined) return;
    room.older = "loading";
    this.#onChange();
    const { firstPos } = room.messages;
    try {
      const messages = await this.#fetch(room, firstPos, PAGE);
      // After a reconnect other messages may be held by now: these would leave a hole.
      if (room.messages.firstPos === firstPos) room.prepend(messages);
      else room.older = "idle";
    } catch {
      room.older = "failed";
    }
    this.#onChange();
  }

  /**
   * Fetches a page of the messages that are missing, the newest of them.
   *
   * @param {Room} room
   */
  async fillGap(room) {
    const { gap } = room;
    if (!gap || gap.state === "loading") return;
    room.gap = { ...gap, state: "loading" };
    this.#onChange();
    try {
      const messages = await this.#fetch(room, gap.before, PAGE);
      if (room.gap?.before === gap.before) room.fill(messages);
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
    const { staleBefore } = room;
    if (staleBefore === undefined) return;
    const messages = await this.#fetch(room, staleBefore, MAX_STALE).catch(() => undefined);
    if (room.staleBefore === staleBefore) room.refresh(messages);
    this.#onChange();
  }

  /**
   * Fetches older messages until a certain one is held.
   *
   * @param {Room} room
   * @param {string} id
   * @returns {Promise<boolean>} whether it is held now
   */
  async find(room, id) {
    for (let page = 0; page < MAX_PAGES && !room.messages.get(id); page++) {
      if (room.gap) await this.fillGap(room);
      else await this.loadOlder(room);
      if (room.complete || room.older !== "idle" || room.gap?.state === "failed") break;
    }
    return room.messages.get(id) !== undefined;
  }

  /**
   * The newest messages of a room.
   *
   * @param {string} name
   * @returns {Promise<readonly MessageView[]>} rejects with a `RequestError`
   */
  fetchNewest(name) {
    return this.#fetch({ name }, 0, PAGE);
  }

  /**
   * @param {Pick<Room, "name">} room
   * @param {number} before the place before which they are, or 0 for the newest
   * @param {number} limit
   * @returns {Promise<readonly MessageView[]>}
   */
  async #fetch(room, before, limit) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (before > 0) query.set("before", String(before));
    const path = `/api/rooms/${room.name}/messages?${query}`;
    const { messages } = await request(path, { session: this.#session() });
    return messages;
  }
}
