// @ts-check
/** @import { Courier } from "./courier.js" */
/** @import { Outgoing } from "./state/outgoing.js" */
/** @import { Room, Target } from "./state/room.js" */
/** @import { Drafts } from "./store/drafts.js" */
import { newNonce } from "./nonce.js";

/** How long a deletion can be taken back, in milliseconds. */
const UNDO_MS = 5_000;

/** What a person does in rooms: each thing is handed to the courier, and shows as done when it is safe there. */
export class Deeds {
  /** @type {Drafts | undefined} the person's, once it is known who they are */
  drafts;
  #courier;
  #onChange;

  /**
   * @param {Courier} courier
   * @param {() => void} onChange is told that the state is another one now
   */
  constructor(courier, onChange) {
    this.#courier = courier;
    this.#onChange = onChange;
  }

  /**
   * Keeps what the person has written so far.
   *
   * @param {Room} room
   * @param {string} text
   */
  keepDraft(room, text) {
    room.draft = text;
    this.drafts?.write(room.name, text);
  }

  /**
   * Says in a room what the person has written: it shows when it is safe, and is sent when its turn comes.
   *
   * @param {Room} room
   * @param {string} text
   */
  async say(room, text) {
    const { replyTo } = room;
    room.draft = "";
    room.replyTo = undefined;
    room.reading.newAfter = undefined;
    this.#onChange();
    await this.#do(room, { kind: "send", text, ...(replyTo !== undefined && { replyTo }) });
    // Not before the message is safe; and the person may be writing the next one.
    this.drafts?.write(room.name, room.draft);
  }

  /**
   * Changes the text of a message of the person's own.
   *
   * @param {Room} room
   * @param {Target} target
   * @param {string} text
   */
  async edit(room, target, text) {
    room.editing = undefined;
    this.#onChange();
    await this.#do(room, { kind: "edit", text, ...named(target) });
  }

  /**
   * Deletes a message of the person's own, who can take it back for a while.
   *
   * @param {Room} room
   * @param {Target} target
   */
  async delete(room, target) {
    await this.#do(room, { kind: "delete", notBefore: Date.now() + UNDO_MS, ...named(target) });
    setTimeout(this.#onChange, UNDO_MS);
  }

  /**
   * Puts a reaction on a message, or takes it off.
   *
   * @param {Room} room
   * @param {string} id
   * @param {string} emoji
   * @param {boolean} on
   */
  async react(room, id, emoji, on) {
    await this.#do(room, { kind: "react", id, emoji, on });
  }

  /**
   * Sends something again that failed.
   *
   * @param {string} nonce
   */
  retry(nonce) {
    return this.#courier.retry(nonce);
  }

  /**
   * Gives something up that failed, or takes a deletion back.
   *
   * @param {string} nonce
   */
  discard(nonce) {
    return this.#courier.remove(nonce);
  }

  /**
   * @param {Room} room
   * @param {Omit<Outgoing, "nonce" | "room" | "time">} deed
   */
  #do(room, deed) {
    return this.#courier.add({ ...deed, nonce: newNonce(), room: room.name, time: Date.now() });
  }
}

/**
 * How what waits to be sent names a message: by its id, or by its nonce as long as it has none.
 *
 * @param {Target} target
 */
function named({ id, key }) {
  return id === undefined ? { of: key } : { id };
}
