// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { AckEvent, JoinedEvent, RoomEvent } from "../../../lib/wire/protocol.ts" */
/** @import { Outgoing } from "./outgoing.js" */
import { Outbox } from "./outbox.js";
import { RoomLog } from "./room_log.js";
import { Typists } from "./typists.js";

/**
 * Somebody who came or left, after the message at the place `after`.
 *
 * @typedef {{ readonly on: boolean, readonly userId: string, readonly name: string, readonly after: number }} Move
 */

/**
 * The server's answer to who reacted to a message, as it was at the version `seq`: the first people for each emoji.
 *
 * @typedef {{ readonly seq: number, readonly reactions: Readonly<Record<string,
 *   { readonly users: readonly { readonly id: string, readonly name?: string }[] }>> }} Reactors
 */

/** How many moves are remembered. */
const MAX_MOVES = 200;
/**
 * A message of the person's own: its id, once it has one, and the key of its row, which is its nonce before that.
 *
 * @typedef {{ readonly id: string | undefined, readonly key: string }} Target
 */

/** A room as the page knows it: its log, the people in it, and what the person does there. */
export class Room extends RoomLog {
  outbox = new Outbox();
  typists = new Typists();
  /** @type {Map<string, User>} the first of the people in it */
  people = new Map();
  /** How many people are in it, named or not. */
  count = 0;
  /** @type {readonly Move[]} */
  moves = [];
  /** @type {Map<string, string>} the names of others who reacted to messages, by their ids, as far as they were asked for */
  reactors = new Map();
  /** What the person has written and not yet sent. */
  draft = "";
  /** @type {string | undefined} the id of the message that the draft answers */
  replyTo;
  /**
   * The message whose text the person is changing, in place of writing the draft, and the text so far.
   *
   * @type {{ readonly target: Target, readonly text: string } | undefined}
   */
  editing;
  /** Whether this page is in the room, whenever it is connected. */
  wanted = false;
  /** @type {"outside" | "entering" | "inside"} */
  stage = "outside";
  /** @type {string | undefined} why the server will not let the person in */
  refusal;
  /** Confirmed changes that are still to come. @type {readonly { item: Outgoing, seq: number }[]} */
  #settled = [];

  /** @param {string} name */
  constructor(name) {
    super();
    this.name = name;
  }

  /**
   * Takes the answer to `join`. One that comes unasked, after joins and leaves were kept from the page, tells of the
   * people alone.
   *
   * @param {JoinedEvent} event
   * @param {User} [me]
   */
  enter(event, me) {
    this.count = event.count;
    this.people = new Map(event.users.map((user) => [user.id, user]));
    if (this.stage === "inside" && event.recovered && event.messages.length === 0) return;
    this.stage = "inside";
    this.refusal = undefined;
    if (this.since && this.since.epoch !== event.epoch) this.moves = [];
    this.enterLog(event, me);
    this.#settle();
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
        this.applyChange(event, myId);
        this.#settle();
    }
  }

  /**
   * Takes the confirmation of what the person did: a message is one like all others from now on, a change shows as
   * done until it comes.
   *
   * @param {AckEvent} ack
   * @param {User} me
   */
  confirm({ ref, id, seq }, me) {
    const nonce = String(ref);
    const item = this.outbox.get(nonce);
    if (!item) return;
    this.outbox.confirm(nonce);
    if (item.kind !== "send") {
      if (seq > this.seq) this.#settled = [...this.#settled, { item: { ...item, id }, seq }];
      return;
    }
    const { replyTo, text = "", time } = item;
    const message = {
      room: this.name,
      id,
      seq,
      pos: seq,
      user_id: me.id,
      username: me.name,
      text,
      time,
      ...(replyTo !== undefined && { reply_to: replyTo }),
    };
    // What was confirmed before, and long ago, is not among the newest.
    if (!this.message(id) && seq >= this.messages.firstPos) this.messages.put(message, nonce);
  }

  /**
   * Takes who reacted to a message, unless the message has changed since.
   *
   * @param {string} id
   * @param {Reactors} told
   * @param {string} [myId]
   * @returns the message as it is held now, if it was taken
   */
  tellReactors(id, { seq, reactions }, myId) {
    if ((this.message(id)?.seq ?? Infinity) > seq) return undefined;
    /** @type {Map<string, string[]>} */
    const who = new Map();
    for (const [emoji, { users }] of Object.entries(reactions)) {
      const others = users.filter((user) => user.id !== myId);
      for (const { id, name } of others) if (name !== undefined) this.reactors.set(id, name);
      who.set(emoji, others.map(({ id }) => id));
    }
    this.messages.tellReactors(id, who);
    this.passage?.messages.tellReactors(id, who);
    return this.message(id);
  }

  /**
   * What the person did here and does not see come back yet, in order.
   *
   * @returns {readonly Outgoing[]}
   */
  get doing() {
    return [...this.#settled.map(({ item }) => item), ...this.outbox.items];
  }

  /** Notes that the connection was lost. */
  interrupt() {
    this.stage = "outside";
    this.typists.clear();
    this.outbox.interrupt();
  }

  /** Lets go of confirmed changes that have come. */
  #settle() {
    if (this.#settled.length === 0) return;
    this.#settled = this.#settled.filter((change) => change.seq > this.seq);
  }

  /**
   * @param {string} userId
   * @param {string | undefined} myId
   */
  #arrive(userId, myId) {
    this.typists.stop(userId);
    if (userId !== myId) this.reading.expect();
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
