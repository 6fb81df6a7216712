// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { AckEvent, JoinedEvent, MessageView, RoomEvent } from "../../../lib/wire/protocol.ts" */
/** @import { Outgoing } from "./outgoing.js" */
/** @import { Page } from "./page.js" */
import { Messages } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Reading } from "./reading.js";
import { Typists } from "./typists.js";

/**
 * Somebody who came or left, after the message at the place `after`.
 *
 * @typedef {{ readonly on: boolean, readonly userId: string, readonly name: string, readonly after: number }} Move
 */

/** How many moves are remembered. */
const MAX_MOVES = 200;
/**
 * A message of the person's own: its id, once it has one, and the key of its row, which is its nonce before that.
 *
 * @typedef {{ readonly id: string | undefined, readonly key: string }} Target
 */

/**
 * A place where messages are missing: those after the place `after` and before the place `before`.
 *
 * @typedef {{ readonly after: number, readonly before: number, readonly state: Fetching }} Gap
 * @typedef {"idle" | "loading" | "failed"} Fetching how it stands with fetching messages
 */

/** How many messages are held while the newest are read; the older ones can be fetched again. */
const MAX_HELD = 400;
/** How many are held over a break of which the server cannot tell all that changed: as many as one request brings. */
export const MAX_STALE = 100;
/** How many are held while the person reads up, or has left the window in the background overnight. */
const MAX_HELD_UNSEEN = 2_000;

/** A room as the page knows it. */
export class Room {
  messages = new Messages();
  reading = new Reading(this.messages);
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
  /** @type {Gap | undefined} */
  gap;
  /** @type {number | undefined} the place before which what is held may have changed meanwhile */
  staleBefore;
  /** @type {number | undefined} the place of the newest message when the history was replaced */
  replacedAt;
  /** @type {Fetching} */
  older = "idle";
  /** Confirmed changes that are still to come. @type {readonly { item: Outgoing, seq: number }[]} */
  #settled = [];
  /** @type {string | undefined} */
  #epoch;
  #seq = 0;
  #exhausted = false;
  #restored = false;

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** Where the page stands in the room's log, for its return. */
  get since() {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** Whether all that is held was kept from an earlier visit, and the server has not been asked yet. */
  get restored() {
    return this.#restored;
  }

  /**
   * Takes what was kept of the room from an earlier visit, unless the server has told more by now.
   *
   * @param {Omit<Page, "room">} page
   */
  restore({ epoch, seq, read, messages }) {
    if (this.#epoch !== undefined && !this.#restored) return;
    this.messages.replace(messages);
    this.reading.mark(read);
    this.#epoch = epoch;
    this.#seq = seq;
    this.#restored = true;
  }

  /** Whether the oldest message held is the first that was ever said here. */
  get complete() {
    return this.#epoch !== undefined &&
      (this.#exhausted || this.messages.firstPos === 1 || this.#seq === 0);
  }

  /**
   * Takes the answer to `join`. One that comes unasked, after joins and leaves were kept from the page, tells of the
   * people alone.
   *
   * @param {JoinedEvent} event
   * @param {User} [me]
   */
  enter(event, me) {
    const { epoch, seq, recovered, messages } = event;
    this.count = event.count;
    this.people = new Map(event.users.map((user) => [user.id, user]));
    if (this.stage === "inside" && recovered && messages.length === 0) return;
    const returns = this.#epoch !== undefined;
    // What an earlier visit left is worth no gap, and no word on its end.
    const returned = this.#restored;
    const sameLog = this.#epoch === epoch && (recovered || !returned);
    const anew = returns && this.#epoch !== epoch;
    this.#restored = false;
    this.stage = "inside";
    this.refusal = undefined;
    if (!sameLog) this.#beginLog(messages, returns && !returned);
    else {
      if (!recovered) this.#bridge(messages, seq);
      for (const message of messages) this.messages.put(message);
    }
    this.reading.enter(me, anew);
    this.#epoch = epoch;
    this.#advance(seq);
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
        this.#advance(event.seq);
        this.#letGo(MAX_HELD_UNSEEN);
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
      if (seq > this.#seq) this.#settled = [...this.#settled, { item: { ...item, id }, seq }];
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
    if (!this.messages.get(id)) this.messages.put(message, nonce);
  }

  /**
   * Takes older messages; none means that there are none.
   *
   * @param {readonly MessageView[]} messages
   */
  prepend(messages) {
    this.older = "idle";
    this.#exhausted = messages.length === 0;
    for (const message of messages) this.messages.put(message);
  }

  /**
   * Takes the messages from right before the end of the gap; none means that there are none.
   *
   * @param {readonly MessageView[]} messages
   */
  fill(messages) {
    if (!this.gap) return;
    const first = messages[0]?.pos ?? 0;
    this.gap = first <= this.gap.after + 1
      ? undefined
      : { ...this.gap, before: first, state: "idle" };
    for (const message of messages) this.messages.put(message);
  }

  /**
   * Takes what is held from before a break as it now is; without it, lets go of it.
   *
   * @param {readonly MessageView[]} [messages]
   */
  refresh(messages) {
    if (this.staleBefore === undefined) return;
    if (messages) { for (const message of messages) this.messages.put(message); }
    else this.#letGoBefore(this.gap?.before ?? this.staleBefore);
    this.staleBefore = undefined;
  }

  /**
   * What the person did here and does not see come back yet, in order.
   *
   * @returns {readonly Outgoing[]}
   */
  get doing() {
    return [...this.#settled.map(({ item }) => item), ...this.outbox.items];
  }

  /**
   * Notes that the person sees the newest message.
   *
   * @returns {boolean} whether that is news
   */
  read() {
    const news = this.reading.read();
    if (news) this.#letGo(MAX_HELD);
    return news;
  }

  /** Notes that the connection was lost. */
  interrupt() {
    this.stage = "outside";
    this.typists.clear();
    this.outbox.interrupt();
  }

  /**
   * Makes ready for the newest page after a break of which not all is known: what is held from before it may have
   * changed, and between the two messages may be missing.
   *
   * @param {readonly MessageView[]} page
   * @param {number} seq
   */
  #bridge(page, seq) {
    const after = this.messages.lastPos;
    const first = page[0]?.pos ?? seq + 1;
    // One gap is enough to look at: what is before an older one can be fetched again.
    if (this.gap) this.#letGoBefore(this.gap.before);
    this.#keep(MAX_STALE);
    if (after === 0) return;
    this.staleBefore = after + 1;
    if (first > this.#seq + 1) this.gap = { after, before: first, state: "idle" };
  }

  /**
   * Lets go of the older half when more than `most` messages are held.
   *
   * @param {number} most
   */
  #letGo(most) {
    if (this.messages.list.length > most) this.#keep(most / 2);
  }

  /** @param {number} most */
  #keep(most) {
    if (this.messages.list.length <= most) return;
    this.messages.keepNewest(most);
    this.#exhausted = false;
    if (this.gap && this.messages.firstPos >= this.gap.before) this.gap = undefined;
  }

  /** @param {number} pos */
  #letGoBefore(pos) {
    this.messages.keepFrom(pos);
    this.#exhausted = false;
    this.gap = undefined;
  }

  /**
   * @param {readonly MessageView[]} messages
   * @param {boolean} replaces whether there was another log before
   */
  #beginLog(messages, replaces) {
    this.messages.replace(messages);
    this.gap = this.staleBefore = undefined;
    this.replacedAt = replaces ? this.messages.lastPos : undefined;
    this.moves = [];
    this.#exhausted = false;
    this.#seq = 0;
  }

  /** @param {number} seq */
  #advance(seq) {
    this.#seq = Math.max(this.#seq, seq);
    if (this.#settled.length > 0) {
      this.#settled = this.#settled.filter((change) => change.seq > this.#seq);
    }
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
