// @ts-check

/**
 * A message of the person's own on its way to the server. `nonce` is its name in all attempts, so that it is stored
 * once; `failed` says, to the person, why the server will not take it.
 *
 * @typedef {object} Outgoing
 * @property {string} nonce
 * @property {string} text
 * @property {number} time
 * @property {string} [failed]
 */

/** What makes another attempt worthwhile: the outcome is not known, or only the moment was wrong. */
const PASSING = new Set(["rate_limited", "unavailable", "not_joined"]);
/** How long to wait where the server names no time, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * The messages that the person said in a room and that the server has not confirmed, in order.
 *
 * One is under way at a time. Were there two, the first might be refused for the moment and the second be taken,
 * and the order would be lost.
 */
export class Outbox {
  /** @type {Outgoing[]} */
  #items = [];
  /** @type {string | undefined} */
  #underWay;
  #heldUntil = 0;

  /**
   * All of them, the failed ones too.
   *
   * @returns {readonly Outgoing[]}
   */
  get items() {
    return this.#items;
  }

  /** The moment until which nothing is to be sent. */
  get heldUntil() {
    return this.#heldUntil;
  }

  /**
   * The message with this nonce, if it waits here.
   *
   * @param {string} nonce
   */
  get(nonce) {
    return this.#items.find((item) => item.nonce === nonce);
  }

  /**
   * Adds a message at the end.
   *
   * @param {Outgoing} item
   */
  add(item) {
    this.#items.push(item);
  }

  /**
   * The message to send now, which then is under way; `undefined` if there is none or it is not yet time.
   *
   * @param {number} now
   */
  take(now) {
    if (this.#underWay !== undefined || now < this.#heldUntil) return undefined;
    const item = this.#items.find(({ failed }) => failed === undefined);
    this.#underWay = item?.nonce;
    return item;
  }

  /** Whether a message waits for its turn. */
  get waiting() {
    return this.#underWay === undefined && this.#items.some(({ failed }) => failed === undefined);
  }

  /**
   * Takes out a message: the server confirmed it, or the person gave it up.
   *
   * @param {string} nonce
   */
  remove(nonce) {
    this.#items = this.#items.filter((item) => item.nonce !== nonce);
    this.#release(nonce);
  }

  /**
   * Takes the server's refusal: a passing one holds this message and all behind it for a while, another one fails it.
   *
   * @param {string} nonce
   * @param {{ code: string, message: string, retry_after_ms?: number | undefined }} refusal
   * @param {number} now
   */
  refuse(nonce, { code, message, retry_after_ms }, now) {
    this.#release(nonce);
    if (PASSING.has(code)) this.#heldUntil = now + (retry_after_ms ?? RETRY_MS);
    else this.#replace(nonce, (item) => ({ ...item, failed: message }));
  }

  /**
   * Puts a failed message at the end, to be sent again.
   *
   * @param {string} nonce
   */
  retry(nonce) {
    const item = this.get(nonce);
    if (!item) return;
    const { failed: _, ...again } = item;
    this.remove(nonce);
    this.add(again);
  }

  /** Notes that the connection was lost: what was under way is to be sent again. */
  interrupt() {
    this.#underWay = undefined;
    this.#heldUntil = 0;
  }

  /** @param {string} nonce */
  #release(nonce) {
    if (this.#underWay === nonce) this.#underWay = undefined;
  }

  /**
   * @param {string} nonce
   * @param {(item: Outgoing) => Outgoing} change
   */
  #replace(nonce, change) {
    this.#items = this.#items.map((item) => item.nonce === nonce ? change(item) : item);
  }
}
