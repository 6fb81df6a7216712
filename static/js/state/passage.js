// @ts-check
/** @import { MessageView } from "../../../lib/wire/protocol.ts" */
/** @import { Message } from "./messages.js" */
/** @import { Fetching } from "./room_log.js" */
import { Messages } from "./messages.js";

/** How many messages a passage holds at the most: the page shows 300 of them at a time, and half a screen is no page. */
export const MAX_PASSAGE = 600;

/**
 * Messages from the middle of a room's log, without a hole among them: what somebody reads who is far from the newest
 * ones. It goes on in both directions, and lets go of what is far behind.
 */
export class Passage {
  messages = new Messages();
  /** @type {Fetching} */
  older = "idle";
  /** @type {Fetching} */
  newer = "idle";
  /** Whether what it holds may have changed meanwhile. */
  stale = false;
  #exhausted;

  /**
   * @param {readonly (MessageView | Message)[]} messages
   * @param {boolean} [exhausted] whether there are none before them
   */
  constructor(messages, exhausted = false) {
    this.#exhausted = exhausted;
    for (const message of messages) this.#put(message);
  }

  /** Whether the oldest message held is the first that was ever said here. */
  get complete() {
    return this.#exhausted || this.messages.firstPos === 1;
  }

  /**
   * Takes the messages right before it; none means that there are none.
   *
   * @param {readonly MessageView[]} messages
   * @param {number} [sight] the place that the person reads
   */
  prepend(messages, sight = this.messages.firstPos) {
    this.older = "idle";
    this.#exhausted = messages.length === 0;
    for (const message of messages) this.#put(message);
    this.keepAround(sight, MAX_PASSAGE);
  }

  /**
   * Takes the messages right after it.
   *
   * @param {readonly MessageView[]} messages
   * @param {number} [sight] the place that the person reads
   */
  append(messages, sight = this.messages.lastPos) {
    this.newer = "idle";
    for (const message of messages) this.#put(message);
    this.keepAround(sight, MAX_PASSAGE);
  }

  /**
   * Takes what it holds as it now is.
   *
   * @param {readonly MessageView[]} messages
   */
  refresh(messages) {
    for (const message of messages) this.#put(message);
    this.stale = false;
  }

  /**
   * Lets go of all but the `most` messages that are nearest to a place.
   *
   * @param {number} pos
   * @param {number} most
   */
  keepAround(pos, most) {
    const { firstPos } = this.messages;
    this.messages.keepAround(pos, most);
    if (this.messages.firstPos > firstPos) this.#exhausted = false;
  }

  /** @param {MessageView | Message} message */
  #put(message) {
    this.messages.put(message, "key" in message ? message.key : message.id);
  }
}
