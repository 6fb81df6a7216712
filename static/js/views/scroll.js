// @ts-check
/// <reference lib="dom" />

/** How near the end, in pixels, counts as reading the newest message. */
const NEAR_END = 48;

/**
 * Where a scrolled element stands: at its end, or at the row that is the first in view and its distance from the top.
 *
 * @typedef {{ readonly row: Element, readonly top: number } | "end"} Position
 */

/**
 * Whether the end of an element is in view.
 *
 * @param {Element} scroller
 */
export function isAtEnd(scroller) {
  return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop <= NEAR_END;
}

/**
 * The rows of a scrolled element that are in view: the first and the last one.
 *
 * @param {Element} scroller
 * @returns {{ first: Element, last: Element } | undefined} `undefined` if there are none
 */
export function rowsInView(scroller) {
  const { top, bottom } = scroller.getBoundingClientRect();
  const last = scroller.lastElementChild;
  if (!last) return undefined;
  return { first: rowAt(scroller, top) ?? last, last: rowAt(scroller, bottom) ?? last };
}

/**
 * Where an element stands, to be kept while rows come and go.
 *
 * @param {Element} scroller
 * @param {(row: Element) => boolean} isHold whether a row stays, and nothing comes right below it
 * @returns {Position}
 */
export function readPosition(scroller, isHold) {
  const edge = scroller.getBoundingClientRect().top;
  let row = rowAt(scroller, edge);
  while (row && !isHold(row)) row = row.nextElementSibling;
  return row ? { row, top: row.getBoundingClientRect().top - edge } : "end";
}

/**
 * Brings an element back to where it stood. A row that is gone cannot be found again: then nothing moves.
 *
 * @param {Element} scroller
 * @param {Position} position
 */
export function restorePosition(scroller, position) {
  if (position === "end") scroller.scrollTop = scroller.scrollHeight;
  else if (position.row.isConnected) {
    const edge = scroller.getBoundingClientRect().top;
    const moved = position.row.getBoundingClientRect().top - edge - position.top;
    // Even a movement by nothing would end one that is under way.
    if (moved !== 0) scroller.scrollTop += moved;
  }
}

/**
 * The first row that reaches below a height of the window.
 *
 * @param {Element} scroller
 * @param {number} height in pixels
 * @returns {Element | null}
 */
function rowAt({ children }, height) {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = children[middle]?.getBoundingClientRect().bottom ?? Infinity;
    if (bottom <= height) low = middle + 1;
    else high = middle;
  }
  return children.item(low);
}
