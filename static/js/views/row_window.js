// @ts-check
/// <reference lib="dom" />
/** @import { Span } from "../state/span.js" */
/** @import { Position } from "./scroll.js" */
/** @import { KeyedRow, RowView } from "./row_list.js" */
import { onceAFrame } from "../frame.js";
import { nextSpan } from "../state/span.js";
import { RowList } from "./row_list.js";
import { isAtEnd, readPosition, restorePosition, rowsInView } from "./scroll.js";

/**
 * Where to go: to the end, or to a row, whose middle or whose start is then in view.
 *
 * @typedef {"end" | { readonly key: string, readonly block: "start" | "center" }} Goal
 */

/**
 * A scrolled element with many rows, of which those around what is in view are on the page. Its place is kept while
 * rows come and go.
 *
 * @template {KeyedRow} R
 */
export class RowWindow {
  #scroller;
  #hold;
  /** @type {RowList<R>} */
  #list;
  /** @type {readonly R[]} */
  #rows = [];
  /** @type {Map<string, number>} where each row is among them */
  #places = new Map();
  /** @type {Span} those that are on the page */
  #span = { from: 0, to: 0 };
  #follows = true;
  /** Whether the end was in view when the element last had its size, and which size that was. */
  #atEnd = true;
  #size = "";
  /** @type {Span} */
  #seen = { from: 0, to: 0 };
  #onLook;

  /**
   * @param {HTMLElement} scroller
   * @param {object} options
   * @param {(row: R) => RowView<R>} options.build
   * @param {string} options.hold which rows stay where they are among the others, whatever comes
   * @param {() => void} options.onLook is told to look, with the frame in which there is something to see
   */
  constructor(scroller, { build, hold, onLook }) {
    this.#scroller = scroller;
    // Once a frame: to bring rows and to measure again would lay the page out twice.
    this.#onLook = onceAFrame(onLook);
    scroller.addEventListener("scroll", this.#onLook, { passive: true });
    this.#hold = hold;
    this.#list = new RowList(scroller, build);
    new ResizeObserver(() => this.#holdEnd()).observe(scroller);
  }

  /** All rows, those that are not on the page too. */
  get rows() {
    return this.#rows;
  }

  /** Whether the end is in view, and what comes there is followed. */
  get atEnd() {
    return this.#atEnd;
  }

  /** Which rows are in view. */
  get seen() {
    return this.#seen;
  }

  /** The key of the row that is the first in view, unless the end is. */
  get top() {
    const position = this.#position();
    return position === "end" ? undefined : this.#list.rowOf(position.row)?.key;
  }

  /** Whether the first of all rows is on the page. */
  get hasFirst() {
    return this.#span.from === 0;
  }

  /**
   * Shows these rows and no others; those around what is in view come with the next frames. `follows` is whether what
   * comes at the end is followed by somebody who is there.
   *
   * @param {readonly R[]} rows
   * @param {{ follows: boolean, goal?: Goal | undefined }} options
   */
  show(rows, { follows, goal }) {
    this.#holdEnd();
    const atEnd = this.#isAtEnd();
    const { from, to } = this.#span;
    const wasWhole = this.#follows && follows && to === this.#rows.length;
    const before = this.#rows.slice(from, to);
    this.#rows = rows;
    this.#places = new Map(rows.map(({ key }, place) => [key, place]));
    this.#follows = follows;
    const held = before.findIndex(({ key }) =>
      this.#places.has(key) && this.elementOf(key)?.matches(this.#hold)
    );
    const first = Math.max(0, (this.#places.get(before[held]?.key ?? "") ?? 0) - held);
    const last = wasWhole ? rows.length : Math.min(rows.length, first + to - from);
    this.#span = { from: first, to: last };
    // All that is written comes after what is read, or the page would be laid out for each.
    const place = goal ?? this.#position(atEnd);
    const seen = this.#seenOf(place);
    this.#bring(nextSpan(rows.length, this.#span, seen, 0), wasWhole);
    this.#settle(place);
    // The others.
    this.#onLook();
  }

  /** Brings the rows that are about to come into view, and lets go of those that are far from it. */
  look() {
    this.#holdEnd();
    const next = nextSpan(this.#rows.length, this.#span, this.#seeRows());
    if (next === this.#span) return this.#measure();
    const position = this.#position();
    this.#bring(next, false);
    this.#settle(position);
    // What comes step by step goes on with the next frame.
    this.#onLook();
  }

  /**
   * Goes to a row, or to the end.
   *
   * @param {Goal} goal
   */
  go(goal) {
    this.#bring(nextSpan(this.#rows.length, this.#span, this.#seenOf(goal), 0), false);
    this.#settle(goal);
    this.#onLook();
  }

  /** Takes all rows away. */
  clear() {
    this.#quieten();
    this.#list.clear();
    this.#rows = [];
    this.#places.clear();
    this.#span = { from: 0, to: 0 };
  }

  /**
   * The element of the row with this key, if it is on the page.
   *
   * @param {string} key
   */
  elementOf(key) {
    return this.#list.elementOf(key);
  }

  /**
   * The row with this element.
   *
   * @param {Element} element
   */
  rowOf(element) {
    return this.#list.rowOf(element);
  }

  /**
   * Offers what can be done with the row with this key, if it is on the page.
   *
   * @param {string} key
   */
  offer(key) {
    this.#list.offer(key);
  }

  /** @returns {Span} */
  #seeRows() {
    const inView = rowsInView(this.#scroller);
    const first = inView && this.#placeOf(inView.first);
    const last = inView && this.#placeOf(inView.last);
    if (first === undefined || last === undefined) return { from: 0, to: 0 };
    return { from: first, to: last + 1 };
  }

  #isAtEnd() {
    return this.#follows && this.#span.to === this.#rows.length && isAtEnd(this.#scroller);
  }

  /**
   * @param {boolean} [atEnd]
   * @returns {Position}
   */
  #position(atEnd = this.#isAtEnd()) {
    if (atEnd) return "end";
    return readPosition(
      this.#scroller,
      (row) => row.matches(this.#hold) && this.#placeOf(row) !== undefined,
    );
  }

  /**
   * The rows that will be in view.
   *
   * @param {Goal | Position} place
   * @returns {Span}
   */
  #seenOf(place) {
    const { length } = this.#rows;
    if (place === "end") return { from: Math.max(0, length - 1), to: length };
    const at = "key" in place ? this.#places.get(place.key) : this.#placeOf(place.row);
    const from = at ?? (this.#follows ? Math.max(0, length - 1) : 0);
    const inView = "key" in place ? undefined : rowsInView(this.#scroller);
    const last = (inView && this.#placeOf(inView.last)) ?? from;
    return { from, to: Math.min(length, Math.max(from, last) + 1) };
  }

  /** @param {Element} element */
  #placeOf(element) {
    return this.#places.get(this.#list.rowOf(element)?.key ?? "");
  }

  /**
   * @param {Span} span
   * @param {boolean} wasWhole whether the end was on the page before: what comes after it is news
   */
  #bring(span, wasWhole) {
    this.#span = span;
    const rows = this.#rows.slice(this.#span.from, this.#span.to);
    const [first] = rows;
    const isNews = wasWhole && this.#span.to === this.#rows.length &&
      (first === undefined || this.elementOf(first.key) !== undefined);
    // What was said long ago is no news: a screen reader does not read it all out.
    if (!isNews) this.#quieten();
    this.#holdFocus();
    this.#list.show(rows);
  }

  /** Keeps the focus in the log when the message that has it goes. */
  #holdFocus() {
    const focused = document.activeElement;
    if (!focused || focused === this.#scroller || !this.#scroller.contains(focused)) return;
    let child = focused;
    while (child.parentElement && child.parentElement !== this.#scroller) {
      child = child.parentElement;
    }
    const place = this.#placeOf(child);
    const stays = place !== undefined && place >= this.#span.from && place < this.#span.to;
    if (!stays) this.#scroller.focus({ preventScroll: true });
  }

  #quieten() {
    this.#scroller.setAttribute("aria-busy", "true");
    setTimeout(() => this.#scroller.removeAttribute("aria-busy"));
  }

  /**
   * Goes to a place, and sees what is in view there.
   *
   * @param {Goal | Position} place
   */
  #settle(place) {
    if (place !== "end" && "key" in place) {
      this.elementOf(place.key)?.scrollIntoView({ block: place.block });
    } else restorePosition(this.#scroller, place);
    this.#measure();
  }

  #measure() {
    this.#seen = this.#seeRows();
    this.#atEnd = this.#isAtEnd();
  }

  /**
   * Keeps the end in view when the element changes its size: it gets smaller when the composer or a phone's keyboard
   * grows. The observer tells so with the next frame, which is too late for what is rendered before.
   */
  #holdEnd() {
    const { clientHeight, clientWidth } = this.#scroller;
    const size = `${clientWidth}x${clientHeight}`;
    if (this.#atEnd && size !== this.#size) restorePosition(this.#scroller, "end");
    this.#size = size;
  }
}
