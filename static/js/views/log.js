// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Room } from "../state/room.js" */
/** @import { MessageRow, Row } from "../state/timeline.js" */
/** @import { FootRow, HeadRow } from "./head.js" */
/** @import { MessageActions, Times } from "./message.js" */
/** @import { Goal } from "./row_window.js" */
import { timeline } from "../state/timeline.js";
import { t } from "../strings.js";
import { byId, setText } from "./dom.js";
import { footRow, headRow } from "./head.js";
import { isPossible } from "./actions_bar.js";
import { LogKeys } from "./log_keys.js";
import { RowWindow } from "./row_window.js";
import { rowView } from "./rows.js";

/** How near the oldest or the latest row that is held, in rows, others are fetched: two screens. */
const NEAR = 60;
/** How near the top, in pixels, older messages are fetched for somebody who reads the newest ones. */
const NEAR_TOP = 600;
/** The rows that stay where they are: the line of a day goes up with older messages of that day. */
const HOLD = ".message";
/** How far from the end, in screens, the way back is offered though nothing is new. */
const FAR_SCREENS = 1.5;
/** How long the log rests before the messages in view offer what can be done to them, in milliseconds. */
const REST_MS = 100;

/**
 * @typedef {MessageActions & {
 *   onOlder: (room: Room) => void,
 *   onNewer: (room: Room) => void,
 *   onFill: (room: Room) => void,
 *   onQuoted: (room: Room, id: string) => void,
 *   onRead: (room: Room) => void,
 *   onStart: (room: Room) => void,
 *   onEnd: (room: Room) => void,
 *   onEnter: (room: string) => void,
 *   onEscape: () => void,
 *   onCopyLink: (button: HTMLButtonElement) => void,
 * }} LogActions
 */

/** The log of the room that is open. Reading is never disturbed: it follows the newest message only from there. */
export class LogView {
  #log = byId("log", HTMLElement);
  #jump = byId("jump", HTMLButtonElement);
  #times;
  #actions;
  /** @type {RowWindow<Row | HeadRow | FootRow>} */
  #window;
  /** @type {Chat | undefined} */
  #chat;
  /** @type {Room | undefined} */
  #room;
  #keys;
  #follows = false;
  /** @type {string | undefined} the message to be shown with the next change */
  #sought;
  /** Whether the room that is open has shown what the server told of it: nothing else is read. */
  #arrived = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  /** @type {Map<string, string>} for each room that was left while reading up the row that was at the top */
  #places = new Map();

  /**
   * @param {Times} times
   * @param {LogActions} actions
   */
  constructor(times, actions) {
    this.#times = times;
    this.#actions = actions;
    /** @param {(room: Room) => void} act */
    const here = (act) => () => {
      if (this.#room) act(this.#room);
    };
    const { onFill, onNewer, onOlder } = actions;
    const rowActions = {
      ...actions,
      onFill: here(onFill),
      onNewer: here(onNewer),
      onOlder: here(onOlder),
    };
    this.#window = new RowWindow(this.#log, {
      build: (row) => rowView(row, times, rowActions),
      hold: HOLD,
      onLook: () => this.look(),
    });
    this.#keys = new LogKeys(this.#log, {
      onEscape: actions.onEscape,
      onStart: () => this.#goToStart(),
      onEnd: () => this.#goToEnd(true),
      onAct: (name, message) => {
        const row = this.#window.rowOf(message);
        if (row?.kind === "message" && isPossible(name, row)) actions.onAct(name, row, message);
      },
      onReach: (message) => this.#window.offer(this.#window.rowOf(message)?.key ?? ""),
    });
    this.#jump.addEventListener("click", () => this.#goToEnd(false));
  }

  /** Goes to the newest message with the next change: the person said it. */
  follow() {
    this.#room?.close();
    this.#follows = true;
  }

  /**
   * Shows a message of the room that is open, with the next change.
   *
   * @param {string} id
   */
  seek(id) {
    this.#sought = id;
  }

  /** The newest message of the person's own that is shown and that they can change. */
  get lastOwn() {
    return this.#window.rows.filter((row) => row.kind === "message")
      .findLast((row) => isPossible("edit", row));
  }

  /** @param {Chat} chat */
  render(chat) {
    const { current: room, me } = chat;
    if (!me) return;
    this.#chat = chat;
    // Who reads up in what an earlier visit left is not disturbed.
    const arrives = room !== this.#room || (!this.#arrived && isTold(room) && this.#window.atEnd);
    if (room !== this.#room) this.#leave();
    if (arrives && !this.#sought && !this.#places.has(room.name)) room.close();
    const rows = [
      headRow(chat, me),
      ...timeline(room, me, this.#times.dayKey, Date.now()),
      ...footRow(room),
    ];
    const sought = room.shown.messages.get(this.#sought ?? "")?.key;
    this.#sought = undefined;
    /** @type {Goal | undefined} */
    let goal = this.#follows ? "end" : undefined;
    if (arrives) goal = this.#arrive(room, rows);
    this.#arrived = isTold(room);
    if (sought !== undefined) goal = { key: sought, block: "center" };
    this.#follows = false;
    this.#window.show(rows, { follows: !room.passage, goal });
    if (sought !== undefined) this.#mark(sought);
    this.#heed();
    this.#keys.update(this.#lastInView());
  }

  /**
   * Takes note of what the person sees: what is read, whether other messages are wanted, which way leads back. Called
   * with each change of that, and when the window comes to the front or leaves it.
   */
  look() {
    if (!this.#room || !this.#chat) return;
    this.#window.look();
    this.#heed();
  }

  /** Does what follows from what is in view. */
  #heed() {
    const room = this.#room;
    if (!room) return;
    const { atEnd, seen } = this.#window;
    const visible = document.visibilityState === "visible" &&
      this.#log.checkVisibility({ visibilityProperty: true });
    room.reading.watched = visible && atEnd && this.#arrived && room.stage === "inside";
    if (visible) {
      room.sight = atEnd ? undefined : this.#sightOf(room, seen.from);
      if (this.#arrived) this.#fetch(room);
    }
    if (room.reading.watched && room.read()) this.#actions.onRead(room);
    this.#offerJump(room);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#offerActions(), REST_MS);
  }

  /** What a message offers weighs more than the message: those that fly past are without it. */
  #offerActions() {
    const { rows, seen } = this.#window;
    for (const { key } of rows.slice(seen.from, seen.to)) this.#window.offer(key);
    this.#keys.update(this.#lastInView());
  }

  /**
   * Fetches what is about to come into view.
   *
   * @param {Room} room
   */
  #fetch(room) {
    const { atEnd, hasFirst, rows, seen } = this.#window;
    const { passage, shown } = room;
    const nearTop = seen.from < NEAR &&
      (!atEnd || (hasFirst && this.#log.scrollTop < NEAR_TOP));
    if (nearTop && shown.older === "idle") this.#actions.onOlder(room);
    if (passage?.newer === "idle" && rows.length - seen.to < NEAR) this.#actions.onNewer(room);
    for (const row of rows.slice(seen.from, seen.to)) {
      const id = row.kind === "message" && !row.quoted ? row.message.reply_to : undefined;
      if (id !== undefined) this.#actions.onQuoted(room, id);
    }
  }

  /**
   * The place of the first message that is in view.
   *
   * @param {Room} room
   * @param {number} from
   */
  #sightOf(room, from) {
    for (let at = from; at < this.#window.rows.length; at++) {
      const row = this.#window.rows[at];
      const message = row?.kind === "message" ? room.message(row.id) : undefined;
      if (message) return message.pos;
    }
    return undefined;
  }

  #leave() {
    if (this.#room) {
      const { top } = this.#window;
      if (top === undefined) this.#places.delete(this.#room.name);
      else this.#places.set(this.#room.name, top);
      this.#room.reading.watched = false;
    }
    this.#window.clear();
  }

  /**
   * Where somebody begins who comes into a room.
   *
   * @param {Room} room
   * @param {readonly { readonly key: string }[]} rows
   * @returns {Goal}
   */
  #arrive(room, rows) {
    this.#room = room;
    const left = this.#places.get(room.name);
    if (rows.some(({ key }) => key === left)) return { key: left ?? "", block: "start" };
    return rows.some(({ key }) => key === "new") ? { key: "new", block: "center" } : "end";
  }

  #goToStart() {
    const room = this.#room;
    if (!room) return;
    const first = room.shown.complete ? room.shown.messages.list[0] : undefined;
    if (!first) return this.#actions.onStart(room);
    this.#window.go({ key: first.key, block: "center" });
    this.#window.elementOf(first.key)?.focus();
  }

  /** @param {boolean} focus whether the newest message gets the focus */
  #goToEnd(focus) {
    if (!this.#room || !this.#chat) return;
    this.follow();
    this.render(this.#chat);
    if (focus) this.#lastInView()?.focus({ preventScroll: true });
    this.#actions.onEnd(this.#room);
  }

  /** @param {string} key */
  #mark(key) {
    const found = this.#window.elementOf(key);
    if (!found) return;
    found.focus({ preventScroll: true });
    found.classList.add("found");
    found.addEventListener("animationend", () => found.classList.remove("found"), { once: true });
  }

  #lastInView() {
    const { rows, seen } = this.#window;
    const row = rows.slice(seen.from, seen.to).findLast(({ kind }) => kind === "message");
    return row && this.#window.elementOf(row.key);
  }

  /** @param {Room} room */
  #offerJump(room) {
    const { clientHeight, scrollHeight, scrollTop } = this.#log;
    const unread = room.reading.unread(this.#chat?.me?.id);
    const far = room.passage !== undefined ||
      scrollHeight - scrollTop - clientHeight > FAR_SCREENS * clientHeight;
    this.#jump.hidden = this.#window.atEnd || (unread === 0 && !far);
    setText(this.#jump, unread > 0 ? t.log.newMessages(unread) : t.log.jump);
  }
}

/**
 * Whether the server has told what a room holds.
 *
 * @param {Room} room
 */
function isTold({ restored, since }) {
  return since !== undefined && !restored;
}
