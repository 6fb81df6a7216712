// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Messages } from "./messages.js" */
import { mentions } from "../mentions.js";

/**
 * What the server counts for a room of the person's own.
 *
 * @typedef {{ readonly unread: number, readonly mentions?: number, readonly read?: number }} Standing
 */

/** @type {Readonly<{ unread: number, mentions: number }>} */
const NOTHING = Object.freeze({ unread: 0, mentions: 0 });

/** How far the person has read in a room, on whichever device, and what is new to them. */
export class Reading {
  /** Whether the person sees the newest message, and whatever comes. */
  watched = false;
  /** @type {number | undefined} the place after which the messages are new to the person */
  newAfter;
  #messages;
  /** @type {User | undefined} */
  #me;
  /** @type {number | undefined} */
  #pos;
  /** What the server counts: all that is unread, or, once the newest messages are held, what is unread beyond them. */
  #counted = NOTHING;
  #beyond = false;

  /** @param {Messages} messages those of the room that are held */
  constructor(messages) {
    this.#messages = messages;
  }

  /** Until where the person has read. */
  get pos() {
    return this.#pos ?? 0;
  }

  /**
   * How many messages of others the person has not seen.
   *
   * @param {string | undefined} myId
   */
  unread(myId) {
    return this.#total(this.#counted.unread, this.#unseen(myId).length);
  }

  /**
   * How many of those name the person.
   *
   * @param {User | undefined} me
   */
  mentions(me) {
    return this.#total(this.#counted.mentions, this.#unseenMentions(me));
  }

  /**
   * Takes what the server counts.
   *
   * @param {Standing} standing
   */
  stand({ unread, mentions = 0, read }) {
    // The server may not have heard yet what was read here.
    const behind = read !== undefined && read < this.pos;
    this.#counted = behind ? NOTHING : { unread, mentions };
    this.#beyond = false;
    if (read !== undefined) this.#pos = Math.max(this.pos, read);
  }

  /**
   * Takes note that the newest messages are held.
   *
   * @param {User | undefined} me
   * @param {boolean} anew whether the log is another one: what was there before does not count
   */
  enter(me, anew) {
    const { lastPos, list } = this.#messages;
    this.#me = me;
    if (anew) {
      this.#pos = lastPos;
      this.newAfter = undefined;
    }
    this.#pos ??= list.at(-1 - this.#counted.unread)?.pos ?? 0;
    if (!this.watched && lastPos > this.#pos) this.newAfter ??= this.#pos;
    const { mentions, unread } = this.#pos >= lastPos ? NOTHING : this.#counted;
    this.#counted = {
      unread: Math.max(0, unread - this.#unseen(me?.id).length),
      mentions: Math.max(0, mentions - this.#unseenMentions(me)),
    };
    this.#beyond = true;
  }

  /**
   * Lets messages that others sent long ago be held, or no more: that changes nothing about how many are unread.
   *
   * @param {() => void} change
   */
  keepCount(change) {
    const unread = this.#unseen(this.#me?.id).length;
    const mentions = this.#unseenMentions(this.#me);
    change();
    if (!this.#beyond) return;
    this.#counted = {
      unread: Math.max(0, this.#counted.unread + unread - this.#unseen(this.#me?.id).length),
      mentions: Math.max(0, this.#counted.mentions + mentions - this.#unseenMentions(this.#me)),
    };
  }

  /** Takes note that a message of somebody else's is about to come. */
  expect() {
    const { lastPos } = this.#messages;
    if (!this.watched && this.pos >= lastPos) this.newAfter ??= lastPos;
  }

  /**
   * Takes how far the person has read on another device.
   *
   * @param {number} seq
   */
  mark(seq) {
    this.#pos = Math.max(this.pos, seq);
    if (this.#pos < this.#messages.lastPos) return;
    this.#counted = NOTHING;
    if (!this.watched) this.newAfter = undefined;
  }

  /**
   * Notes that the person sees the newest message.
   *
   * @returns {boolean} whether that is news
   */
  read() {
    const { lastPos } = this.#messages;
    if (this.pos >= lastPos) return false;
    this.#pos = lastPos;
    this.#counted = NOTHING;
    return true;
  }

  /**
   * @param {number} counted
   * @param {number} held
   */
  #total(counted, held) {
    return this.#beyond ? counted + held : Math.max(counted, held);
  }

  /** @param {string | undefined} myId */
  #unseen(myId) {
    const { list } = this.#messages;
    const read = list.findLastIndex(({ pos }) => pos <= this.pos);
    return list.slice(read + 1).filter(({ user_id, deleted }) => user_id !== myId && !deleted);
  }

  /** @param {User | undefined} me */
  #unseenMentions(me) {
    if (!me) return 0;
    return this.#unseen(me.id).filter(({ text = "" }) => mentions(text, me.name)).length;
  }
}
