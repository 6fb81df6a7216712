// @ts-check

/** A message of more lines than this is shown in part at first. */
const MAX_LINES = 24;
/** So much of it is shown at the most, in UTF-16 units: it fills as many lines on a wide window. */
const MAX_LETTERS = 2_000;
/** A text longer than this is slow to lay out whatever there is to see of it: marks on letters, for instance. */
const MAX_QUICK = 4_000;
/** What takes no room of its own. */
const MARKS = /\p{M}+/gu;

/**
 * Whether a text would fill the window, or take long to lay out. It is reckoned, as to measure it would lay the whole log out twice.
 *
 * @param {string} text
 * @param {number} columns how many letters a line holds
 */
export function isTall(text, columns) {
  if (text.length > MAX_QUICK) return true;
  text = text.replaceAll(MARKS, "");
  let lines = 0;
  for (let start = 0; start <= text.length && lines <= MAX_LINES;) {
    const end = text.indexOf("\n", start);
    const length = (end < 0 ? text.length : end) - start;
    lines += Math.max(1, Math.ceil(length / columns));
    start += length + 1;
  }
  return lines > MAX_LINES;
}

/**
 * The beginning of a tall text, which is all that is shown of it at first: the rest costs nothing until it is wanted.
 *
 * @param {string} text
 */
export function beginningOf(text) {
  return text.slice(0, MAX_LETTERS).split("\n", MAX_LINES).join("\n").toWellFormed();
}
