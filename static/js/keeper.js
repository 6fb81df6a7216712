// @ts-check
/// <reference lib="dom" />
/** @import { MessageView } from "../../lib/wire/protocol.ts" */
/** @import { Page } from "./state/page.js" */
/** @import { Chat } from "./state/chat.js" */
/** @import { Room } from "./state/room.js" */
import { RequestError } from "./session.js";
import { toPage } from "./state/page.js";
import { PageStore } from "./store/page_store.js";

/** How long a change waits to be written, in milliseconds, for those that follow it. */
const WRITE_MS = 500;
/** How long a room waits for its last page before it is entered without it, in milliseconds. */
const RESTORE_MS = 500;
/** How long after the welcome pages are renewed, in milliseconds: not all people ask at once who come back at once. */
const RENEW_MS = 2_000;
/** The spread of that. */
const RENEW_SPREAD_MS = 8_000;

/**
 * @typedef {object} KeeperOptions
 * @property {Chat} chat
 * @property {() => void} onChange is told that the state is another one now
 * @property {(room: string) => Promise<readonly MessageView[]>} fetchPage asks for the newest page of a room
 */

/**
 * Keeps the last page of each of the person's rooms in this browser, and brings it back before the server answers, or
 * where it does not.
 */
export class Keeper {
  #options;
  #userId = "";
  /** @type {PageStore | undefined} */
  #store;
  /** @type {Map<string, string>} the state of each room that was written last */
  #written = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #writeTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewTimer;

  /** @param {KeeperOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Works for this person from now on: shows all that they left behind.
   *
   * @param {string} userId
   */
  serve(userId) {
    if (userId === this.#userId) return;
    this.stop();
    this.#userId = userId;
    this.#store = new PageStore(userId);
    this.#restoreAll(this.#store);
  }

  /** Ends its work. */
  stop() {
    clearTimeout(this.#renewTimer);
    this.flush();
    this.#store?.close();
    this.#store = undefined;
    this.#written.clear();
    this.#userId = "";
  }

  /** Forgets everything: the person signs out. */
  async clear() {
    const store = this.#store;
    this.#store = undefined;
    this.stop();
    await store?.clear();
    await store?.close();
  }

  /**
   * Brings back the page of a room that is about to be entered.
   *
   * @param {Room} room
   */
  async restore(room) {
    if (room.since !== undefined) return;
    const reading = this.#store?.read(room.name);
    const page = await Promise.race([reading, delay(RESTORE_MS)]);
    if (page) this.#show(room, page);
  }

  /**
   * Lets go of the page of a room: the person has left it.
   *
   * @param {string} room
   */
  remove(room) {
    this.#written.delete(room);
    this.#store?.remove(room);
  }

  /** Notes that something may have changed. */
  note() {
    this.#writeTimer ??= setTimeout(() => this.flush(), WRITE_MS);
  }

  /** Writes what has changed: the page may be about to go. */
  flush() {
    clearTimeout(this.#writeTimer);
    this.#writeTimer = undefined;
    for (const room of this.#options.chat.rooms.values()) this.#write(room);
  }

  /**
   * Brings the pages up to date of rooms that this page does not enter, soon: what was deleted meanwhile must not stay.
   *
   * @param {() => Promise<ReadonlyMap<string, number> | undefined>} askHeads asks where all rooms stand
   */
  renew(askHeads) {
    clearTimeout(this.#renewTimer);
    this.#renewTimer = setTimeout(async () => {
      const store = this.#store;
      const heads = await askHeads();
      if (store && heads) await this.#renewAll(store, heads);
    }, RENEW_MS + Math.random() * RENEW_SPREAD_MS);
  }

  /** Does not ask any more: the connection was lost. */
  lost() {
    clearTimeout(this.#renewTimer);
  }

  /** @param {PageStore} store */
  async #restoreAll(store) {
    const { chat } = this.#options;
    for (const page of await store.readAll()) {
      if (store !== this.#store) return;
      // Once the server has told which rooms are the person's, a page makes no other one theirs.
      const room = chat.limits ? chat.rooms.get(page.room) : chat.open(page.room);
      if (room) this.#show(room, page);
    }
    this.#options.onChange();
  }

  /**
   * @param {Room} room
   * @param {Page} page
   */
  #show(room, page) {
    room.restore(page);
    this.#options.chat.directory.restore(page);
  }

  /** @param {Room} room */
  #write(room) {
    const { name, reading, since, stage } = room;
    if (!since || stage !== "inside") return;
    const state = `${since.epoch} ${since.seq} ${reading.pos}`;
    if (this.#written.get(name) === state) return;
    this.#written.set(name, state);
    const page = toPage(room, this.#options.chat.directory.with(name));
    if (page) this.#store?.write(page);
  }

  /**
   * @param {PageStore} store
   * @param {ReadonlyMap<string, number>} heads
   */
  async #renewAll(store, heads) {
    const { chat, fetchPage, onChange } = this.#options;
    for (const { room: name, ...page } of await store.readAll()) {
      const room = chat.rooms.get(name);
      if (room && room.stage !== "outside") continue;
      const head = heads.get(name);
      if (!room || head === undefined) {
        await store.remove(name);
        continue;
      }
      if (head === page.seq) continue;
      try {
        const renewed = { ...page, seq: head, messages: await fetchPage(name) };
        if (store !== this.#store || room.stage !== "outside") continue;
        await store.write({ room: name, ...renewed });
        room.restore(renewed);
        onChange();
      } catch (error) {
        // The connection is gone again: the next one renews what is left.
        if (!(error instanceof RequestError && error.code === "forbidden")) return;
        await store.remove(name);
      }
    }
  }
}

/**
 * @param {number} ms
 * @returns {Promise<undefined>}
 */
function delay(ms) {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
