// @ts-check
/// <reference lib="dom" />
/** @import { AckEvent, ChangeCommand, ErrorEvent } from "../../lib/wire/protocol.ts" */
/** @import { Chat } from "./state/chat.js" */
/** @import { Outgoing, Outgoings } from "./state/outgoing.js" */
/** @import { Room } from "./state/room.js" */
/** @import { OutboxStore } from "./store/outbox_store.js" */
import { deedSentence } from "./refusal.js";
import { add, claim, fail, remove, retry, settle, toCommand } from "./state/outgoing.js";
import { memoryStore, openOutboxStore } from "./store/outbox_store.js";
import { Turn } from "./turn.js";

/** What makes another attempt worthwhile: the outcome is not known, or only the moment was wrong. */
const PASSING = new Set(["rate_limited", "unavailable", "not_joined"]);
/** How long to wait where the server names no time, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * @typedef {object} CourierOptions
 * @property {Chat} chat
 * @property {(command: ChangeCommand) => boolean} send answers whether there was a connection
 * @property {(room: Room) => void} enter asks the server to let the person into a room
 * @property {() => void} onChange is told that the state is another one now
 */

/**
 * Brings what the person does to the server: each thing once, in order, whatever happens to the page or the network.
 *
 * It is in the store before it shows. One tab of the person's does the sending, the one whose turn it is and that has a
 * connection; the others put things into the store and say so.
 */
export class Courier {
  #options;
  #connected = false;
  #userId = "";
  /** What the store held when it was last asked. @type {Outgoings} */
  #list = [];
  /** @type {OutboxStore} */
  #store = memoryStore();
  /** @type {Promise<void>} */
  #opened = Promise.resolve();
  /** @type {Turn | undefined} */
  #turn;
  /** @type {BroadcastChannel | undefined} */
  #tabs;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {CourierOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Works for this person from now on, beginning with what they left behind.
   *
   * @param {string} userId
   */
  serve(userId) {
    if (userId === this.#userId) return;
    this.stop();
    this.#userId = userId;
    this.#opened = this.#open(userId);
  }

  /** Ends its work in this tab; another tab goes on with it. */
  stop() {
    clearTimeout(this.#timer);
    this.#turn?.giveUp();
    this.#tabs?.close();
    this.#store.close();
    this.#turn = this.#tabs = undefined;
    this.#userId = "";
  }

  /** Notes that there is a connection. */
  connected() {
    this.#connected = true;
    this.#turn?.want();
    this.#pump();
  }

  /** Notes that there is none: another tab may have one. */
  lost() {
    this.#connected = false;
    this.#turn?.giveUp();
    clearTimeout(this.#timer);
  }

  /**
   * Takes something to the server. It shows when it is safe.
   *
   * @param {Outgoing} item
   */
  async add(item) {
    await this.#change((list) => add(list, item));
  }

  /**
   * Sends something again that failed.
   *
   * @param {string} nonce
   */
  async retry(nonce) {
    await this.#change((list) => retry(list, nonce));
  }

  /**
   * Gives something up.
   *
   * @param {string} nonce
   */
  async remove(nonce) {
    await this.#change((list) => remove(list, nonce));
  }

  /** Gives everything up: the person signs out. */
  async clear() {
    await this.#change(() => []);
  }

  /**
   * Takes the server's confirmation.
   *
   * @param {AckEvent} ack
   */
  async take(ack) {
    const nonce = String(ack.ref);
    if (this.#find(nonce)) await this.#change((list) => settle(list, nonce, ack.id), { ack });
  }

  /**
   * Takes the server's refusal: a passing one holds this thing and all behind it, another one is final.
   *
   * @param {ErrorEvent} error
   */
  async refuse(error) {
    const { ref, code, retry_after_ms: retryAfterMs } = error;
    const nonce = String(ref);
    const item = this.#find(nonce);
    const room = item && this.#options.chat.rooms.get(item.room);
    if (!room) return;
    room.outbox.release(nonce);
    if (PASSING.has(code)) {
      room.outbox.hold(Date.now() + (retryAfterMs ?? RETRY_MS));
      if (code === "not_joined") room.stage = "outside";
      this.#pump();
    } else if (code === "not_found" && item.kind !== "send") {
      // The message is gone, and with it what there was to change.
      await this.remove(nonce);
    } else {
      await this.#change((list) => fail(list, nonce, deedSentence(error)));
    }
  }

  /**
   * Takes it that the server does not let the person into a room: what they did there failed.
   *
   * @param {Room} room
   * @param {string} problem
   */
  async refuseRoom(room, problem) {
    const nonces = room.outbox.items.map(({ nonce }) => nonce);
    if (nonces.length === 0) return;
    for (const nonce of nonces) room.outbox.release(nonce);
    await this.#change((list) => nonces.reduce((all, nonce) => fail(all, nonce, problem), list));
  }

  /** Sends at once what the person could still take back: the page is about to go. */
  hurry() {
    const now = Date.now();
    for (const item of this.#list) {
      if ((item.notBefore ?? 0) > now && item.id !== undefined) this.#options.send(toCommand(item));
    }
  }

  /** @param {string} userId */
  async #open(userId) {
    const store = await openOutboxStore(userId);
    if (userId !== this.#userId) return store.close();
    this.#store = store;
    this.#options.chat.kept = store.shared;
    if (store.shared) this.#joinTabs(`parley.outbox.${userId}`);
    this.#show(await this.#try((list) => list));
    if (this.#connected) this.connected();
  }

  /** @param {string} name */
  #joinTabs(name) {
    this.#turn = new Turn(name, () => this.#look());
    this.#tabs = new BroadcastChannel(name);
    this.#tabs.addEventListener("message", ({ data }) => {
      if (data.ack) this.#options.chat.apply(data.ack, Date.now());
      this.#look();
    });
  }

  /** Sees what other tabs put into the store. */
  async #look() {
    this.#show(await this.#try((list) => list));
    this.#pump();
  }

  /**
   * @param {(list: Outgoings) => Outgoings} change
   * @param {{ ack?: AckEvent }} [news] what other tabs are told
   */
  async #change(change, news = {}) {
    await this.#opened;
    this.#show(await this.#try(change));
    this.#tabs?.postMessage(news);
    this.#pump();
  }

  /**
   * @param {(list: Outgoings) => Outgoings} change
   * @returns {Promise<Outgoings>}
   */
  async #try(change) {
    const store = this.#store;
    try {
      return await store.change(change);
    } catch {
      // The disk is full, or the browser has thrown its database away: the page goes on with what it has in memory.
      if (store === this.#store) {
        this.#store = memoryStore(this.#list);
        this.#options.chat.kept = false;
      }
      return await this.#store.change(change);
    }
  }

  /** @param {Outgoings} list */
  #show(list) {
    const { chat, onChange } = this.#options;
    const names = new Set([...this.#list, ...list].map(({ room }) => room));
    this.#list = list;
    for (const name of names) {
      chat.open(name).outbox.replace(list.filter(({ room }) => room === name));
    }
    onChange();
  }

  /** Sends what may be sent now, and comes back when more may be. */
  #pump() {
    clearTimeout(this.#timer);
    const mine = !this.#store.shared || this.#turn?.mine;
    if (!this.#connected || !mine) return;
    const now = Date.now();
    let wakeAt = Infinity;
    for (const room of this.#options.chat.rooms.values()) {
      if (room.outbox.nextAt() > now) wakeAt = Math.min(wakeAt, room.outbox.nextAt());
      else this.#sendFrom(room, now);
    }
    if (wakeAt < Infinity) this.#timer = setTimeout(() => this.#pump(), wakeAt - now);
  }

  /**
   * @param {Room} room
   * @param {number} now
   */
  async #sendFrom(room, now) {
    this.#options.enter(room);
    if (room.stage === "outside") return;
    const nonce = room.outbox.take(now)?.nonce ?? "";
    // Another tab may have taken it back or changed it; from here on that is too late.
    this.#show(await this.#try((list) => claim(list, nonce)));
    if (room.outbox.underWay !== nonce) return;
    const item = this.#find(nonce);
    if (item?.attempted && this.#options.send(toCommand(item))) return;
    room.outbox.release(nonce);
    if (!item) this.#pump();
  }

  /** @param {string} nonce */
  #find(nonce) {
    return this.#list.find((item) => item.nonce === nonce);
  }
}
