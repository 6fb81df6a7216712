// @ts-check
/** @import { Outgoing, Outgoings } from "./outgoing.js" */
import { isStruck } from "./outgoing.js";

/**
 * What the person did in a room and the server has not confirmed, in order, as this tab knows it.
 *
 * One thing is under way at a time. Were there two, the first might be refused for the moment and the second be taken,
 * and the order would be lost.
 */
export class Outbox {
  /** @type {Outgoings} */
  #items = [];
  /** Confirmed, but not out of the store yet. @type {Set<string>} */
  #done = new Set();
  /** @type {string | undefined} */
  #underWay;
  #heldUntil = 0;

  /** All of it, what failed too. */
  get items() {
    return this.#items;
  }

  /** What is under way. */
  get underWay() {
    return this.#underWay;
  }

  /**
   * The item with this nonce, if it waits here.
   *
   * @param {string} nonce
   */
  get(nonce) {
    return this.#items.find((item) => item.nonce === nonce);
  }

  /**
   * Takes what the store holds of the room.
   *
   * @param {Outgoings} items
   */
  replace(items) {
    const nonces = new Set(items.map(({ nonce }) => nonce));
    for (const nonce of this.#done) if (!nonces.has(nonce)) this.#done.delete(nonce);
    this.#items = items.filter(({ nonce }) => !this.#done.has(nonce));
  }

  /**
   * Notes that the server has confirmed an item: it is out of here before it is out of the store.
   *
   * @param {string} nonce
   */
  confirm(nonce) {
    this.#done.add(nonce);
    this.#items = this.#items.filter((item) => item.nonce !== nonce);
    this.release(nonce);
  }

  /**
   * The item to send now, which then is under way; `undefined` if there is none or it is not yet time.
   *
   * @param {number} now
   */
  take(now) {
    if (this.nextAt() > now) return undefined;
    const item = this.#items.find((other) => this.#readyAt(other) <= now);
    this.#underWay = item?.nonce;
    return item;
  }

  /** From when on there is something to take; `Infinity` if nothing waits for a time. */
  nextAt() {
    if (this.#underWay !== undefined) return Infinity;
    const first = Math.min(...this.#items.map((item) => this.#readyAt(item)));
    return Math.max(first, this.#heldUntil);
  }

  /**
   * Notes that an item is not under way any more.
   *
   * @param {string} nonce
   */
  release(nonce) {
    if (this.#underWay === nonce) this.#underWay = undefined;
  }

  /**
   * Lets nothing leave for a while: what is behind a message must not overtake it.
   *
   * @param {number} until
   */
  hold(until) {
    this.#heldUntil = until;
  }

  /** Notes that the connection was lost: what was under way is to be sent again. */
  interrupt() {
    this.#underWay = undefined;
    this.#heldUntil = 0;
  }

  /** @param {Outgoing} item */
  #readyAt(item) {
    const { failed, id, kind, notBefore = 0, of: target } = item;
    if (failed !== undefined || isStruck(this.#items, item)) return Infinity;
    if (kind === "send" || id !== undefined) return notBefore;
    const changed = this.get(target ?? "");
    // What changes a message without an id waits for the id; to delete one that never left needs none.
    return !changed || isStruck(this.#items, changed) ? notBefore : Infinity;
  }
}
