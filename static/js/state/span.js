// @ts-check

/**
 * Some of many rows that follow each other: those from the index `from` to before the index `to`.
 *
 * @typedef {{ readonly from: number, readonly to: number }} Span
 */

/** How many rows stand on the page at the most: a browser lays out a few hundred within a frame. */
export const MOST = 300;
/** How many are around those in view when others are brought: three screens of short messages and more. */
const AROUND = 100;
/** With how few others are brought. */
const LEAST = 50;

/**
 * Which of `count` rows are to be on the page while those of `seen` are in view. What is there stays, as long as there
 * is enough of it, so that rows come and go in steps and not with each movement.
 *
 * @param {number} count
 * @param {Span} shown
 * @param {Span} seen
 * @returns {Span}
 */
export function spanAround(count, shown, seen) {
  const enough = (shown.from === 0 || seen.from - shown.from >= LEAST) &&
    (shown.to === count || shown.to - seen.to >= LEAST) &&
    seen.from >= shown.from && seen.to <= shown.to && shown.to - shown.from <= MOST;
  if (enough) return shown;
  const around = Math.max(0, Math.min(AROUND, Math.floor((MOST - (seen.to - seen.from)) / 2)));
  return { from: Math.max(0, seen.from - around), to: Math.min(count, seen.to + around) };
}
