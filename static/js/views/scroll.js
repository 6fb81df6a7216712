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
 * Where an element stands, to be kept while rows come and go. Rows that match `passing` are no hold: others may come
 * right below them.
 *
 * @param {Element} scroller
 * @param {string} passing
 * @returns {Position}
 */
export function readPosition(scroller, passing) {
  if (isAtEnd(scroller)) return "end";
  const edge = scroller.getBoundingClientRect().top;
  for (const row of scroller.children) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > edge && !row.matches(passing)) return { row, top: top - edge };
  }
  return "end";
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
    scroller.scrollTop += position.row.getBoundingClientRect().top - edge - position.top;
  }
}
