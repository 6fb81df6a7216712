// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Newest } from "../../../lib/model/message.ts" */
/** @import { Page } from "./page.js" */
/** @import { MessageView, RoomEvent } from "../../../lib/wire/protocol.ts" */

/**
 * What is known of a room without being in it: with whom it is, if it is a direct one, and what was last said.
 *
 * @typedef {{ readonly with?: User | undefined, readonly newest?: (Newest & { readonly id?: string }) | undefined }} Entry
 */

/** The room that always exists. */
const GENERAL = "general";

/** The rooms that there are, as far as the server has told: those of everybody, and the person's direct ones. */
export class Directory {
  /** @type {Map<string, Entry>} */
  #entries = new Map();

  /** The names of the rooms of everybody, `general` first. */
  get rooms() {
    const names = [...this.#entries.keys()].filter((name) => !isDirect(name) && name !== GENERAL);
    return [GENERAL, ...names.sort()];
  }

  /** The names of the direct rooms, the one in which something was said last first. */
  get directs() {
    const time = (/** @type {string} */ name) => this.newest(name)?.time ?? Infinity;
    return [...this.#entries.keys()].filter(isDirect).sort((one, other) => time(other) - time(one));
  }

  /**
   * With whom a direct room is.
   *
   * @param {string} name
   */
  with(name) {
    return this.#entries.get(name)?.with;
  }

  /**
   * The direct room with somebody, if there is one.
   *
   * @param {string} userId
   */
  directWith(userId) {
    for (const [name, entry] of this.#entries) if (entry.with?.id === userId) return name;
    return undefined;
  }

  /**
   * What was last said in a room, as far as it is known.
   *
   * @param {string} name
   */
  newest(name) {
    return this.#entries.get(name)?.newest;
  }

  /**
   * Learns of a room. What is not told stays as it was.
   *
   * @param {string} name
   * @param {Entry} [entry]
   */
  learn(name, entry = {}) {
    const known = this.#entries.get(name) ?? {};
    this.#entries.set(name, {
      with: entry.with ?? known.with,
      newest: entry.newest ?? known.newest,
    });
  }

  /**
   * Learns which rooms there are: those that are not among them and not the person's own are gone.
   *
   * @param {readonly ({ readonly room: string } & Entry)[]} rooms
   * @param {(name: string) => boolean} isTheirs
   */
  replace(rooms, isTheirs) {
    for (const name of this.#entries.keys()) if (!isTheirs(name)) this.#entries.delete(name);
    for (const { room, ...entry } of rooms) this.learn(room, entry);
  }

  /**
   * Learns what was last said from the messages of a room that came, if any of them can be seen.
   *
   * @param {string} name
   * @param {readonly MessageView[]} messages
   */
  read(name, messages) {
    const last = messages.findLast(({ deleted }) => !deleted);
    if (last) this.learn(name, { newest: line(last) });
  }

  /**
   * Learns of a room what was kept of it from an earlier visit, as far as the server has not told yet.
   *
   * @param {Page} page
   */
  restore({ messages, room, with: partner }) {
    if (this.with(room) === undefined) this.learn(room, { with: partner });
    if (this.newest(room) === undefined) this.read(room, messages);
  }

  /**
   * Takes a change of a room.
   *
   * @param {RoomEvent} event
   * @param {readonly MessageView[]} held the messages of the room after the change
   */
  apply(event, held) {
    if (event.type === "chat_message") return this.read(event.room, [{ ...event, pos: event.seq }]);
    if (event.type !== "message_edited" && event.type !== "message_deleted") return;
    if (this.newest(event.room)?.id !== event.id) return;
    const { with: partner } = this.#entries.get(event.room) ?? {};
    this.#entries.set(event.room, { with: partner });
    this.read(event.room, held);
  }
}

/**
 * Whether a room is one of two people.
 *
 * @param {string} name
 */
export function isDirect(name) {
  return name.startsWith("~");
}

/** @param {MessageView} message */
function line({ id, user_id, username, text = "", time }) {
  return { id, user_id, username, text, time };
}
