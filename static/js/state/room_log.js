// @ts-check
/** @import { Change } from "../../../lib/model/change.ts" */
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { JoinedEvent, MessageView } from "../../../lib/wire/protocol.ts" */
/** @import { Page } from "./page.js" */
import { Messages } from "./messages.js";
import { Passage } from "./passage.js";
import { Reading } from "./reading.js";

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
const MAX_HELD_UNSEEN = 1_000;
/** How many messages are held only because others quote them. */
const MAX_QUOTED = 1_000;

/**
 * What the page holds of a room's log: the newest messages, and beside them a passage, as long as the person reads far
 * from them.
 */
export class RoomLog {
  /** The newest ones. */
  messages = new Messages();
  reading = new Reading(this.messages);
  /** @type {Passage | undefined} what is shown in place of the newest ones */
  passage;
  /** Messages that are held only because others quote them. */
  quoted = new Messages();
  /** @type {number | undefined} the place of the message that the person reads, if it is not the newest one */
  sight;
  /** @type {Gap | undefined} */
  gap;
  /** @type {number | undefined} the place before which what is held may have changed meanwhile */
  staleBefore;
  /** @type {number | undefined} the place of the newest message when the history was replaced */
  replacedAt;
  /** @type {Fetching} */
  older = "idle";
  /** How often the room was entered: what was asked for before is not known to be as it now is. */
  visits = 0;
  /** @type {string | undefined} */
  #epoch;
  #seq = 0;
  #exhausted = false;
  #restored = false;

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

  /** The newest change that the page knows of. */
  get seq() {
    return this.#seq;
  }

  /** Whether the oldest of the newest messages held is the first that was ever said here. */
  get complete() {
    return this.#epoch !== undefined &&
      (this.#exhausted || this.messages.firstPos === 1 || this.#seq === 0);
  }

  /**
   * The messages to show: the passage, or the newest ones.
   *
   * @returns {Passage | RoomLog}
   */
  get shown() {
    return this.passage ?? this;
  }

  /**
   * A message, if it is held, for whatever reason.
   *
   * @param {string | undefined} id
   */
  message(id) {
    if (id === undefined) return undefined;
    return this.messages.get(id) ?? this.passage?.messages.get(id) ?? this.quoted.get(id);
  }

  /**
   * Takes the messages of the answer to `join`.
   *
   * @param {JoinedEvent} event
   * @param {User} [me]
   */
  enterLog({ epoch, seq, recovered, messages }, me) {
    const returns = this.#epoch !== undefined;
    // What an earlier visit left is worth no gap, and no word on its end.
    const returned = this.#restored;
    const sameLog = this.#epoch === epoch && (recovered || !returned);
    const anew = returns && this.#epoch !== epoch;
    this.#restored = false;
    if (!sameLog) this.#beginLog(messages, returns && !returned);
    else {
      if (!recovered) this.#bridge(messages, seq);
      const { firstPos } = this.messages;
      for (const message of messages) this.#put(message, firstPos);
    }
    this.visits++;
    // What failed meanwhile may work now.
    this.older = "idle";
    if (this.passage) this.passage.older = this.passage.newer = "idle";
    this.reading.enter(me, anew);
    this.#epoch = epoch;
    this.#seq = Math.max(this.#seq, seq);
  }

  /**
   * Takes a change of the log.
   *
   * @param {Change} change
   * @param {string | undefined} myId
   */
  applyChange(change, myId) {
    this.messages.apply(change, myId);
    if (change.type !== "chat_message") {
      this.passage?.messages.apply(change, myId);
      this.quoted.apply(change, myId);
    }
    this.#seq = Math.max(this.#seq, change.seq);
    this.#letGo(MAX_HELD_UNSEEN);
  }

  /**
   * Takes older messages; none means that there are none.
   *
   * @param {readonly MessageView[]} messages
   */
  prepend(messages) {
    this.older = "idle";
    this.#exhausted = messages.length === 0;
    this.reading.keepCount(() => {
      for (const message of messages) this.messages.put(message);
    });
    this.#letGo(MAX_HELD_UNSEEN);
  }

  /**
   * Takes the messages right after the passage, which ends where it meets the newest ones.
   *
   * @param {readonly MessageView[]} messages
   * @param {boolean} last whether there are no more
   */
  append(messages, last) {
    const { passage } = this;
    if (!passage) return;
    passage.append(messages, this.sight);
    if (last || passage.messages.lastPos >= this.messages.firstPos) this.#rejoin(passage);
  }

  /**
   * Shows messages from anywhere in the log.
   *
   * @param {readonly MessageView[]} messages without a hole among them
   */
  open(messages) {
    const passage = new Passage(messages);
    this.passage = passage;
    this.sight = undefined;
    if (passage.messages.lastPos >= this.messages.firstPos) this.#rejoin(passage);
  }

  /** Shows the newest messages. */
  close() {
    this.passage = undefined;
    this.sight = undefined;
  }

  /**
   * Takes a message that others quote.
   *
   * @param {MessageView} message
   */
  quote(message) {
    // Those that are in view are asked for again.
    if (this.quoted.list.length >= MAX_QUOTED) this.quoted = new Messages();
    this.quoted.put(message);
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
    this.reading.keepCount(() => {
      for (const message of messages) this.messages.put(message);
    });
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
   * Notes that the person sees the newest message.
   *
   * @returns {boolean} whether that is news
   */
  read() {
    const news = this.reading.read();
    if (news) this.#letGo(MAX_HELD);
    return news;
  }

  /**
   * @param {MessageView} message
   * @param {number} from the place of the oldest message held: an older one would hide the hole behind it
   */
  #put(message, from) {
    if (message.pos >= from) this.messages.put(message);
    this.passage?.messages.update(message);
    this.quoted.update(message);
  }

  /**
   * Makes ready for the newest page after a break of which not all is known: what is held from before it may have
   * changed, and between the two messages may be missing.
   *
   * @param {readonly MessageView[]} page
   * @param {number} seq
   */
  #bridge(page, seq) {
    this.quoted = new Messages();
    const after = this.messages.lastPos;
    const first = page[0]?.pos ?? seq + 1;
    // One gap is enough to look at: what is before an older one can be fetched again.
    if (this.gap) this.#letGoBefore(this.gap.before);
    this.#keep(MAX_STALE);
    if (this.passage) {
      this.passage.keepAround(this.sight ?? this.passage.messages.firstPos, MAX_STALE);
      this.passage.stale = true;
    }
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
    const { list } = this.messages;
    if (list.length <= most) return;
    const first = list[list.length - most]?.pos ?? 0;
    this.#keepSight(first);
    this.reading.keepCount(() => this.messages.keepNewest(most));
    this.#exhausted = false;
    if (this.gap && first >= this.gap.before) this.gap = undefined;
  }

  /** @param {number} pos */
  #letGoBefore(pos) {
    this.#keepSight(pos);
    this.reading.keepCount(() => this.messages.keepFrom(pos));
    this.#exhausted = false;
    this.gap = undefined;
  }

  /**
   * Goes on holding what the person reads, apart from the newest messages, if it is before a place.
   *
   * @param {number} before
   */
  #keepSight(before) {
    const { gap, passage, sight } = this;
    if (passage || sight === undefined || sight >= before) return;
    const side = this.messages.list.filter(({ pos }) =>
      gap === undefined || (pos < gap.before) === (sight < gap.before)
    );
    this.passage = new Passage(side, this.#exhausted && side[0]?.pos === this.messages.firstPos);
    this.passage.keepAround(sight, MAX_HELD_UNSEEN / 2);
  }

  /**
   * Goes on with the newest messages and the passage as one.
   *
   * @param {Passage} passage
   */
  #rejoin(passage) {
    const { lastPos, list } = passage.messages;
    this.reading.keepCount(() => {
      for (const message of list) this.messages.put(message, message.key);
    });
    this.#exhausted = passage.complete;
    this.older = "idle";
    this.passage = undefined;
    if (!this.gap) return;
    const after = Math.max(this.gap.after, lastPos);
    this.gap = after + 1 >= this.gap.before ? undefined : { ...this.gap, after };
  }

  /**
   * @param {readonly MessageView[]} messages
   * @param {boolean} replaces whether there was another log before
   */
  #beginLog(messages, replaces) {
    this.messages.replace(messages);
    this.close();
    this.quoted = new Messages();
    this.gap = this.staleBefore = undefined;
    this.replacedAt = replaces ? this.messages.lastPos : undefined;
    this.#exhausted = false;
    this.#seq = 0;
  }
}
