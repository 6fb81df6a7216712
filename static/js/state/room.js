// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { AckEvent, JoinedEvent, MessageView, RoomEvent } from "../../../lib/wire/protocol.ts" */
import { Messages } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Typists } from "./typists.js";

/**
 * Somebody who came or left, after the message at the place `after`.
 *
 * @typedef {{ readonly on: boolean, readonly userId: string, readonly name: string, readonly after: number }} Move
 */

/** How many moves are remembered. */
const MAX_MOVES = 200;
/** How many messages are held while the newest are read; the older ones can be fetched again. */
const MAX_HELD = 400;
/** How many are held while the person reads up, or has left the window in the background overnight. */
const MAX_HELD_UNSEEN = 2_000;

/** A room as the page knows it. */
export class Room {
  messages = new Messages();
  outbox = new Outbox();
  typists = new Typists();
  /** @type {Map<string, User>} the first of the people in it */
  people = new Map();
  /** How many people are in it, named or not. */
  count = 0;
  /** @type {readonly Move[]} */
  moves = [];
  /** What the person has written and not yet sent. */
  draft = "";
  /** @type {"outside" | "entering" | "inside"} */
  stage = "outside";
  /** @type {string | undefined} why the server will not let the person in */
  refusal;
  /** Whether messages may be missing before the oldest one held. */
  gap = false;
  /** @type {"idle" | "loading" | "failed"} how it stands with fetching older messages */
  older = "idle";
  /** Whether the person sees the newest message, and whatever comes. */
  watched = false;
  /** @type {number | undefined} the place after which the messages are new to the person */
  newAfter;
  /** The unread messages that the server told of, for a room that this connection is not in. */
  unreadElsewhere = 0;
  /** @type {string | undefined} */
  #epoch;
  #seq = 0;
  #readPos = 0;
  #exhausted = false;

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** Where the page stands in the room's log, for its return. */
  get since() {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** Whether the oldest message held is the first that was ever said here. */
  get complete() {
    return this.#epoch !== undefined && !this.gap &&
      (this.#exhausted || this.messages.firstPos === 1 || this.#seq === 0);
  }

  /** Until where the person has read. */
  get readPos() {
    return this.#readPos;
  }

  /**
   * Takes the answer to `join`.
   *
   * @param {JoinedEvent} event
   */
  enter(event) {
    const { epoch, seq, recovered, messages } = event;
    const returns = this.#epoch !== undefined;
    const sameLog = this.#epoch === epoch;
    this.stage = "inside";
    this.refusal = undefined;
    if (recovered && sameLog) {
      for (const message of messages) this.messages.put(message);
    } else {
      this.gap = returns && !(sameLog && this.#reaches(messages, seq));
      this.#exhausted = false;
      this.messages.replace(messages);
      if (!sameLog) this.#beginLog();
    }
    if (!this.watched && this.messages.lastPos > this.#readPos) this.newAfter ??= this.#readPos;
    this.unreadElsewhere = 0;
    this.#epoch = epoch;
    this.#seq = seq;
    this.count = event.count;
    this.people = new Map(event.users.map((user) => [user.id, user]));
    this.typists.clear();
  }

  /**
   * Takes an event of the room.
   *
   * @param {RoomEvent} event
   * @param {string | undefined} myId
   * @param {number} now
   */
  apply(event, myId, now) {
    switch (event.type) {
      case "user_joined":
      case "user_left":
        return this.#move(event, myId);
      case "presence":
        this.count = event.count;
        return;
      case "typing":
        if (!event.on) this.typists.stop(event.user_id);
        else if (event.user_id !== myId) this.typists.start(event.user_id, event.username, now);
        return;
      default:
        if (event.type === "chat_message") this.#arrive(event.user_id, myId);
        this.messages.apply(event, myId);
        this.#seq = Math.max(this.#seq, event.seq);
        this.#letGo(MAX_HELD_UNSEEN);
    }
  }

  /**
   * Takes the confirmation of a message of the person's own: it is one like all others from now on.
   *
   * @param {AckEvent} ack
   * @param {User} me
   */
  confirm({ ref, id, seq }, me) {
    const nonce = String(ref);
    const item = this.outbox.get(nonce);
    if (!item) return;
    this.outbox.remove(nonce);
    const { text, time } = item;
    const message = {
      room: this.name,
      id,
      seq,
      pos: seq,
      user_id: me.id,
      username: me.name,
      text,
      time,
    };
    if (!this.messages.get(id)) this.messages.put(message, nonce);
  }

  /**
   * Takes older messages; none means that there are none.
   *
   * @param {readonly MessageView[]} messages
   */
  prepend(messages) {
    this.older = "idle";
    this.gap = false;
    this.#exhausted = messages.length === 0;
    for (const message of messages) this.messages.put(message);
  }

  /**
   * Notes that the person sees the newest message.
   *
   * @returns {boolean} whether that is news
   */
  read() {
    if (this.#readPos >= this.messages.lastPos) return false;
    this.#readPos = this.messages.lastPos;
    this.#letGo(MAX_HELD);
    return true;
  }

  /**
   * How many messages of others the person has not seen.
   *
   * @param {string | undefined} myId
   */
  unread(myId) {
    const { list } = this.messages;
    const read = list.findLastIndex(({ pos }) => pos <= this.#readPos);
    const others = list.slice(read + 1).filter(({ user_id, deleted }) =>
      user_id !== myId && !deleted
    );
    return this.unreadElsewhere + others.length;
  }

  /** Notes that the connection was lost. */
  interrupt() {
    this.stage = "outside";
    this.typists.clear();
    this.outbox.interrupt();
  }

  /**
   * Whether a newest page goes back to where the page stood, so that nothing is missing between.
   *
   * @param {readonly MessageView[]} page
   * @param {number} seq
   */
  #reaches(page, seq) {
    const first = page[0]?.pos ?? seq + 1;
    return first === 1 || first <= this.#seq + 1;
  }

  /**
   * Lets go of the older half when more than `most` messages are held.
   *
   * @param {number} most
   */
  #letGo(most) {
    if (this.messages.list.length <= most) return;
    this.messages.keepNewest(most / 2);
    this.#exhausted = false;
  }

  #beginLog() {
    this.moves = [];
    this.newAfter = undefined;
    this.#readPos = this.messages.list.at(-1 - this.unreadElsewhere)?.pos ?? 0;
  }

  /**
   * @param {string} userId
   * @param {string | undefined} myId
   */
  #arrive(userId, myId) {
    this.typists.stop(userId);
    if (userId !== myId && !this.watched && this.#readPos >= this.messages.lastPos) {
      this.newAfter ??= this.messages.lastPos;
    }
  }

  /**
   * @param {import("../../../lib/wire/protocol.ts").UserJoinedEvent
   *   | import("../../../lib/wire/protocol.ts").UserLeftEvent} event
   * @param {string | undefined} myId
   */
  #move({ type, user_id: userId, username: name, count }, myId) {
    const on = type === "user_joined";
    this.count = count;
    if (on) this.people.set(userId, { id: userId, name });
    else this.people.delete(userId);
    this.typists.stop(userId);
    if (userId === myId) return;
    const move = { on, userId, name, after: this.messages.lastPos };
    this.moves = [...this.moves, move].slice(-MAX_MOVES);
  }
}
