// @ts-check
/** @import { User } from "../../../lib/model/user.ts" */
/** @import { Message } from "./messages.js" */
/** @import { Outgoing } from "./outgoing.js" */
/** @import { Move, Room } from "./room.js" */
/** @import { Fetching } from "./room_log.js" */
import { changesByTarget, overlay } from "./overlay.js";

/**
 * A row of the log. `key` is the same for as long as it is the same row; `lead` is whether a message shows its author.
 *
 * A day's row knows which day is today, since its words depend on it.
 *
 * @typedef {{ kind: "day", key: string, time: number, today: string }} DayRow
 * @typedef {{ kind: "new", key: string }} NewRow
 * @typedef {{ kind: "gap", key: string, state: Fetching }} GapRow
 * @typedef {{ kind: "replaced", key: string }} ReplacedRow
 * @typedef {{ kind: "moves", key: string, joined: string[], left: string[] }} MovesRow
 * @typedef {DayRow | NewRow | GapRow | ReplacedRow | MovesRow | MessageRow} Row
 */

/**
 * A message's row. `id` is missing as long as the server does not know the message, `quoted` if the message that it
 * answers is not held; `undo` is the nonce of a deletion that can be taken back; `unsaved` is what the server would not
 * take: the message itself or a change to it; `changing` says that a change waits to be sent.
 *
 * @typedef {{ kind: "message", key: string, id: string | undefined, lead: boolean, mine: boolean, removable: boolean, message: Said,
 *   state: "sent" | "waiting" | "failed", changing: boolean, quoted: Said | undefined, undo: string | undefined,
 *   unsaved: Outgoing | undefined }} MessageRow
 */

/**
 * What a message row shows of a message, which the server may not know yet.
 *
 * @typedef {Pick<Message,
 *   "user_id" | "username" | "text" | "time" | "edited_at" | "deleted" | "reactions" | "reply_to">} Said
 */

/** Each day begins with a quarter of an hour, in all time zones that there are; in milliseconds. */
const QUARTER_MS = 15 * 60 * 1000;
/** Messages of one author stand together for so long, in milliseconds. */
const TOGETHER_MS = 5 * 60 * 1000;

/**
 * The rows of what is shown of a room's log, from the oldest to the newest. `dayKey` gives a text that is equal for two
 * moments of the same day and sorts as days do.
 *
 * @param {Room} room
 * @param {User & { moderator?: boolean }} me
 * @param {(ms: number) => string} dayKey
 * @param {number} now
 * @returns {Row[]}
 */
export function timeline(room, me, dayKey, now) {
  const rows = new Rows(dayKey, now);
  const { passage } = room;
  const { firstPos, lastPos, list } = room.shown.messages;
  const changes = changesByTarget(room.doing);
  /** @type {(...keys: string[]) => Outgoing[]} */
  const changesOf = (...keys) => [...new Set(keys)].flatMap((key) => changes.get(key) ?? []);
  const moves = room.moves.filter(({ after }) => after >= firstPos);
  const notices = noticesOf(room);
  const firstNew = findFirstNew(room, me);
  let next = 0;
  let last = passage ? firstPos : 0;
  for (const message of list) {
    const { id, key, pos, time } = message;
    next = rows.addMoves(moves, next, pos);
    rows.addNotices(notices, last, pos);
    rows.addDay(time);
    if (message === firstNew) rows.add({ kind: "new", key: "new" });
    const mine = message.user_id === me.id;
    const quoted = room.message(message.reply_to);
    const known = overlay(message, changesOf(id, key), now);
    rows.addMessage({
      kind: "message",
      key,
      id,
      lead: true,
      mine,
      removable: mine || me.moderator === true,
      state: "sent",
      quoted,
      ...known,
    });
    last = pos;
  }
  if (passage) return rows.list;
  rows.addMoves(moves, next, Infinity);
  rows.addNotices(notices, lastPos, Infinity);
  for (const item of room.doing) {
    if (item.kind !== "send") continue;
    const { nonce, text, time, replyTo, failed } = item;
    /** @type {Said} */
    const message = {
      user_id: me.id,
      username: me.name,
      text: text ?? "",
      time,
      ...(replyTo !== undefined && { reply_to: replyTo }),
    };
    rows.addDay(time);
    rows.addMessage({
      kind: "message",
      key: nonce,
      id: undefined,
      lead: true,
      mine: true,
      removable: true,
      state: failed === undefined ? "waiting" : "failed",
      quoted: room.message(replyTo),
      ...overlay(message, changesOf(nonce), now),
      ...(failed !== undefined && { unsaved: item }),
    });
  }
  return rows.list;
}

/**
 * What is to be told at some place of the log: before the message at that place, or right after it.
 *
 * @typedef {{ readonly row: GapRow | ReplacedRow, readonly before: number }} Notice
 *
 * @param {Room} room
 * @returns {Notice[]}
 */
function noticesOf({ gap, passage, replacedAt }) {
  /** @type {Notice[]} */
  const notices = [];
  // A passage has no hole.
  if (gap && !passage) {
    notices.push({ row: { kind: "gap", key: "gap", state: gap.state }, before: gap.before });
  }
  if (replacedAt !== undefined) {
    notices.push({ row: { kind: "replaced", key: "replaced" }, before: replacedAt + 1 });
  }
  return notices;
}

/**
 * @param {Room} room
 * @param {User} me
 */
function findFirstNew({ passage, reading: { newAfter }, shown: { messages } }, me) {
  if (newAfter === undefined) return undefined;
  // What a passage begins with is new to nobody more than what is before it.
  if (passage && messages.firstPos > newAfter) return undefined;
  return messages.list.find(({ pos, user_id }) => pos > newAfter && user_id !== me.id);
}

class Rows {
  /** @type {Row[]} */
  list = [];
  #dayKey;
  #today;
  #day = "";
  #quarter = NaN;
  /** @type {Said | undefined} the message that began the group to which the last row belongs */
  #lead;

  /**
   * @param {(ms: number) => string} dayKey
   * @param {number} now
   */
  constructor(dayKey, now) {
    this.#dayKey = dayKey;
    this.#today = dayKey(now);
  }

  /** @param {Row} row */
  add(row) {
    this.list.push(row);
    this.#lead = undefined;
  }

  /**
   * Adds the row of a day, before its first message.
   *
   * @param {number} time
   */
  addDay(time) {
    const quarter = Math.floor(time / QUARTER_MS);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    const day = this.#dayKey(time);
    // Days only go on: clocks that differ a little around midnight must not bring the past day back.
    if (day <= this.#day) return;
    this.add({ kind: "day", key: `day:${day}`, time, today: this.#today });
    this.#day = day;
  }

  /**
   * Adds what is to be told between two places.
   *
   * @param {readonly Notice[]} notices
   * @param {number} from
   * @param {number} to
   */
  addNotices(notices, from, to) {
    for (const { before, row } of notices) if (from < before && before <= to) this.add(row);
  }

  /** @param {MessageRow} row */
  addMessage(row) {
    // An answer shows who gives it, or its quote would seem to belong to what stands above.
    const answers = row.message.reply_to !== undefined;
    const lead = !this.#lead || answers || !belongs(row.message, this.#lead);
    if (lead) this.#lead = row.message;
    this.list.push({ ...row, lead });
  }

  /**
   * Adds the moves that happened before the message at `pos` as one row, in which only the last move of each
   * person counts.
   *
   * @param {readonly Move[]} moves
   * @param {number} from the first one that was not added yet
   * @param {number} pos
   * @returns {number} the first one that is now not added yet
   */
  addMoves(moves, from, pos) {
    /** @type {Map<string, Move>} */
    const last = new Map();
    let next = from;
    for (let move = moves[next]; move && move.after < pos; move = moves[++next]) {
      last.delete(move.userId);
      last.set(move.userId, move);
    }
    if (last.size === 0) return next;
    const all = [...last.values()];
    this.add({
      kind: "moves",
      key: `moves:${moves[from]?.after}`,
      joined: all.filter(({ on }) => on).map(({ name }) => name),
      left: all.filter(({ on }) => !on).map(({ name }) => name),
    });
    return next;
  }
}

/**
 * @param {Said} message
 * @param {Said} lead
 */
function belongs(message, lead) {
  const later = message.time - lead.time;
  return message.user_id === lead.user_id && message.username === lead.username &&
    later >= 0 && later < TOGETHER_MS;
}
