// @ts-check

/**
 * Some of many rows that follow each other: those from the index `from` to before the index `to`.
 *
 * @typedef {{ readonly from: number, readonly to: number }} Span
 */

/** How many rows stand on the page at the most: a browser lays out a few hundred within a frame. */
export const MOST = 300;
/** How many are to be on either side of those in view, or a screen, if that is more. */
const AROUND = 60;
/** How many come or go on either side at a time, so that none of many frames is late. */
const STEP = 20;
/** How many come at once around what was far away: about a screen. */
const LANDING = 30;

/**
 * Which of `count` rows are to be on the page next, while those of `shown` are, and those of `seen` are or come into
 * view. Called with every frame until nothing changes it brings what is around those, and lets go of what is far.
 *
 * @param {number} count
 * @param {Span} shown
 * @param {Span} seen
 * @param {number} [step] how many come on either side, if all that are seen are there
 * @returns {Span} `shown` itself if nothing is to change
 */
export function nextSpan(count, shown, seen, step = STEP) {
  const screen = seen.to - seen.from;
  const room = Math.floor((MOST - screen) / 2) - STEP;
  const around = Math.max(0, Math.min(Math.max(AROUND, screen), room));
  const from = Math.max(0, seen.from - around);
  const to = Math.min(count, seen.to + around);
  if (seen.from < shown.from || seen.to > shown.to) {
    return { from: Math.max(from, seen.from - LANDING), to: Math.min(to, seen.to + LANDING) };
  }
  const next = {
    from: shown.from - moveBy(shown.from - from, step, from === 0),
    to: shown.to + moveBy(to - shown.to, step, to === count),
  };
  return next.from === shown.from && next.to === shown.to ? shown : next;
}

/**
 * By how many rows one side grows, or shrinks if it is less than nothing.
 *
 * @param {number} missing
 * @param {number} step
 * @param {boolean} last whether there are no more
 */
function moveBy(missing, step, last) {
  if (missing < -STEP) return missing;
  return missing >= STEP || last ? Math.max(0, Math.min(missing, step)) : 0;
}
