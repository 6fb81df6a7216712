// @ts-check
/// <reference lib="dom" />
/** @import { Chat } from "../state/chat.js" */
/** @import { Room } from "../state/room.js" */
/** @import { Row } from "../state/timeline.js" */
/** @import { HeadRow } from "./head.js" */
/** @import { MessageActions, Times } from "./message.js" */
/** @import { RowView } from "./row_list.js" */
import { plural } from "../format.js";
import { timeline } from "../state/timeline.js";
import { byId, setText } from "./dom.js";
import { head, headRow } from "./head.js";
import { MessageView } from "./message.js";
import { RowList } from "./row_list.js";
import { dayRow, gapRow, movesRow, newRow } from "./rows.js";
import { isAtEnd, readPosition, restorePosition } from "./scroll.js";

/** How near the top, in pixels, older messages are fetched. */
const NEAR_TOP = 600;
/** The row above the first message, whichever that is. */
const HEAD = ".head";
/** How far from the end, in screens, the way back is offered though nothing is new. */
const FAR_SCREENS = 1.5;

/**
 * @typedef {MessageActions & {
 *   onOlder: (room: Room) => void,
 *   onRead: () => void,
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
  #follows = false;
  /** Whether the log was at its end when it last had its size, and which size that was. */
  #atEnd = true;
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
    this.#log.addEventListener("scroll", () => this.look(), { passive: true });
    this.#jump.addEventListener("click", () => restorePosition(this.#log, "end"));
    new ResizeObserver(() => this.#holdEnd()).observe(this.#log);
  }

  /** Goes to the newest message with the next change: the person said it. */
  follow() {
    this.#follows = true;
  }

  /** @param {Chat} chat */
  render(chat) {
    const { current: room, me } = chat;
    if (!me) return;
    this.#chat = chat;
    this.#holdEnd();
    if (room !== this.#room) this.#leave();
    const position = readPosition(this.#log, HEAD);
    this.#rows.show([headRow(room, me), ...timeline(room, me, this.#times.dayKey, Date.now())]);
    if (room !== this.#room) this.#arrive(room);
    else restorePosition(this.#log, this.#follows ? "end" : position);
    this.#follows = false;
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
    room.watched = visible && this.#atEnd && room.stage === "inside";
    if (room.watched && room.read()) this.#actions.onRead();
    if (visible && this.#log.scrollTop < NEAR_TOP && room.older === "idle") {
      this.#actions.onOlder(room);
    }
    this.#offerJump(room.unread(this.#chat.me?.id));
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
    const position = readPosition(this.#log, HEAD);
    if (this.#room) {
      const top = position === "end" ? undefined : this.#rows.keyOf(position.row);
      if (top === undefined) this.#places.delete(this.#room.name);
      else this.#places.set(this.#room.name, top);
      this.#room.watched = false;
    }
    this.#rows.clear();
    // What a room already holds is not news: a screen reader does not read it all out.
    this.#log.setAttribute("aria-busy", "true");
    setTimeout(() => this.#log.removeAttribute("aria-busy"));
  }

  /** @param {Room} room */
  #arrive(room) {
    this.#room = room;
    restorePosition(this.#log, "end");
    const left = this.#rows.elementOf(this.#places.get(room.name) ?? "");
    if (left) left.scrollIntoView({ block: "start" });
    else this.#rows.elementOf("new")?.scrollIntoView({ block: "center" });
  }

  /** @param {number} unread */
  #offerJump(unread) {
    const { clientHeight, scrollHeight, scrollTop } = this.#log;
    const far = scrollHeight - scrollTop - clientHeight > FAR_SCREENS * clientHeight;
    this.#jump.hidden = this.#atEnd || (unread === 0 && !far);
    setText(this.#jump, unread > 0 ? plural(unread, "new message") : "Newest messages");
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
        return { element: gapRow() };
      case "head":
        return { element: head(row, { ...this.#actions, onOlder: () => this.#retryOlder() }) };
    }
  }

  #retryOlder() {
    if (this.#room) this.#actions.onOlder(this.#room);
  }
}
