// @ts-check
/** @import { Chat } from "./chat.js" */

/** How long an outage lasts that the person may have noticed, in milliseconds; shorter ones are not worth a word. */
const NOTICED_MS = 2_000;
/** For how long the person is told that it is over, in milliseconds. */
const TOLD_MS = 5_000;

/** When the person is to be told that the connection is back: once, after each outage that they may have noticed. */
export class Outage {
  /** @type {number | undefined} */
  #since;
  #until = -Infinity;

  /**
   * Takes how it stands with the connection.
   *
   * @param {Chat["link"]} link
   * @param {number} now
   * @returns {number} until when the person is told that the connection is back; that may be past
   */
  note(link, now) {
    if (link === "connected") {
      if (this.#since !== undefined && now - this.#since >= NOTICED_MS) this.#until = now + TOLD_MS;
      this.#since = undefined;
    } else if (link !== "connecting") {
      this.#since ??= now;
      this.#until = -Infinity;
    }
    return this.#until;
  }
}
