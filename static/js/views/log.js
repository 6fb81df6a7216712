// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Room } from "../state/room.js" */
/** @import { MessageRow, Row } from "../state/timeline.js" */
/** @import { HeadRow } from "./head.js" */
/** @import { MessageActions, Times } from "./message.js" */
/** @import { RowView } from "./row_list.js" */
import { plural } from "../format.js";
import { timeline } from "../state/timeline.js";
import { byId, setText } from "./dom.js";
import { head, headRow } from "./head.js";
import { isPossible } from "./actions_bar.js";
import { LogKeys } from "./log_keys.js";
import { MessageView } from "./message.js";
import { RowList } from "./row_list.js";
import { dayRow, gapRow, movesRow, newRow, replacedRow } from "./rows.js";
import { isAtEnd, readPosition, restorePosition } from "./scroll.js";

/** How near the top, in pixels, older messages are fetched. */
const NEAR_TOP = 600;
/** The rows above which others come: the one above the first message, and the one where messages are missing. */
const PASSING = ".head, .gap";
/** How far from the end, in screens, the way back is offered though nothing is new. */
const FAR_SCREENS = 1.5;

/**
 * @typedef {MessageActions & {
 *   onOlder: (room: Room) => void,
 *   onFill: (room: Room) => void,
 *   onRead: (room: Room) => void,
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
  /** @type {RowList<Row | HeadRow>} */
  #rows;
  /** @type {Chat | undefined} */
  #chat;
  /** @type {Room | undefined} */
  #room;
  #keys;
  #follows = false;
  /** @type {string | undefined} the message to be shown with the next change */
  #sought;
  /** Whether the log was at its end when it last had its size, and which size that was. */
  #atEnd = true;
  /** Whether the room that is open has shown what it holds. */
  #arrived = false;
  #size = "";
  /** @type {Map<string, string>} for each room that was left while reading up the row that was at the top */
  #places = new Map();

  /**
   * @param {Times} times
   * @param {LogActions} actions
   */
  constructor(times, actions) {
    this.#times = times;
    this.#actions = actions;
    this.#rows = new RowList(this.#log, (row) => this.#build(row));
    this.#keys = new LogKeys(this.#log, {
      onEscape: actions.onEscape,
      onAct: (name, message) => {
        const row = this.#rows.rowOf(message);
        if (row?.kind === "message" && isPossible(name, row)) actions.onAct(name, row, message);
      },
    });
    this.#log.addEventListener("scroll", () => this.look(), { passive: true });
    this.#jump.addEventListener("click", () => restorePosition(this.#log, "end"));
    new ResizeObserver(() => this.#holdEnd()).observe(this.#log);
  }

  /** Goes to the newest message with the next change: the person said it. */
  follow() {
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

  /** The newest message of the person's own that they can change. */
  get lastOwn() {
    for (let at = this.#log.lastElementChild; at; at = at.previousElementSibling) {
      const row = this.#rows.rowOf(at);
      if (row?.kind === "message" && isPossible("Edit", row)) return row;
    }
    return undefined;
  }

  /** @param {Chat} chat */
  render(chat) {
    const { current: room, me } = chat;
    if (!me) return;
    this.#chat = chat;
    this.#holdEnd();
    const arrives = room !== this.#room || (!this.#arrived && room.since !== undefined);
    if (room !== this.#room) this.#leave();
    const position = readPosition(this.#log, PASSING);
    this.#rows.show([headRow(room, me), ...timeline(room, me, this.#times.dayKey, Date.now())]);
    if (arrives) this.#arrive(room);
    else restorePosition(this.#log, this.#follows ? "end" : position);
    this.#follows = false;
    this.#show(this.#sought && room.messages.get(this.#sought)?.key);
    this.#keys.update();
    this.look();
  }

  /**
   * Takes note of what the person sees: what is read, whether older messages are wanted, which way leads back.
   * Called with each change of that, and when the window comes to the front or leaves it.
   */
  look() {
    const room = this.#room;
    if (!room || !this.#chat) return;
    this.#holdEnd();
    this.#atEnd = isAtEnd(this.#log);
    const visible = document.visibilityState === "visible" &&
      this.#log.checkVisibility({ visibilityProperty: true });
    room.reading.watched = visible && this.#atEnd && room.stage === "inside";
    if (room.reading.watched && room.read()) this.#actions.onRead(room);
    if (visible && this.#log.scrollTop < NEAR_TOP && room.older === "idle") {
      this.#actions.onOlder(room);
    }
    this.#offerJump(room.reading.unread(this.#chat.me?.id));
  }

  /**
   * Keeps the end in view when the log changes its size: it gets smaller when the composer or a phone's keyboard grows.
   * The observer tells so with the next frame, which is too late for what is rendered before.
   */
  #holdEnd() {
    const { clientHeight, clientWidth } = this.#log;
    const size = `${clientWidth}x${clientHeight}`;
    if (this.#atEnd && size !== this.#size) restorePosition(this.#log, "end");
    this.#size = size;
  }

  #leave() {
    const position = readPosition(this.#log, PASSING);
    if (this.#room) {
      const top = position === "end" ? undefined : this.#rows.keyOf(position.row);
      if (top === undefined) this.#places.delete(this.#room.name);
      else this.#places.set(this.#room.name, top);
      this.#room.reading.watched = false;
    }
    this.#rows.clear();
    // What a room already holds is not news: a screen reader does not read it all out.
    this.#log.setAttribute("aria-busy", "true");
    setTimeout(() => this.#log.removeAttribute("aria-busy"));
  }

  /** @param {Room} room */
  #arrive(room) {
    this.#room = room;
    this.#arrived = room.since !== undefined;
    restorePosition(this.#log, "end");
    const left = this.#rows.elementOf(this.#places.get(room.name) ?? "");
    if (left) left.scrollIntoView({ block: "start" });
    else this.#rows.elementOf("new")?.scrollIntoView({ block: "center" });
  }

  /** @param {string | undefined} key */
  #show(key) {
    this.#sought = undefined;
    const found = key === undefined ? undefined : this.#rows.elementOf(key);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
    found.classList.add("found");
    found.addEventListener("animationend", () => found.classList.remove("found"), { once: true });
  }

  /** @param {number} unread */
  #offerJump(unread) {
    const { clientHeight, scrollHeight, scrollTop } = this.#log;
    const far = scrollHeight - scrollTop - clientHeight > FAR_SCREENS * clientHeight;
    this.#jump.hidden = this.#atEnd || (unread === 0 && !far);
    setText(this.#jump, unread > 0 ? plural(unread, "new message") : "Jump to newest");
  }

  /**
   * @param {Row | HeadRow} row
   * @returns {RowView<any>}
   */
  #build(row) {
    switch (row.kind) {
      case "message": {
        const view = new MessageView(row, this.#times, this.#actions);
        return { element: view.element, update: (changed) => view.update(changed) };
      }
      case "day":
        return { element: dayRow(row, this.#times, Date.now()) };
      case "moves":
        return { element: movesRow(row) };
      case "new":
        return { element: newRow() };
      case "gap":
        return { element: gapRow(row, () => this.#room && this.#actions.onFill(this.#room)) };
      case "replaced":
        return { element: replacedRow() };
      case "head":
        return { element: head(row, { ...this.#actions, onOlder: () => this.#retryOlder() }) };
    }
  }

  #retryOlder() {
    if (this.#room) this.#actions.onOlder(this.#room);
  }
}
