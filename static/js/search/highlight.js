// @ts-check

/** How many characters stand before the first match in an excerpt, and how many it has in all. */
const BEFORE = 40;
const EXCERPT = 200;

/**
 * A piece of a text, and whether it is what was looked for.
 *
 * @typedef {{ readonly text: string, readonly found: boolean }} Piece
 */

/**
 * Cuts a text into what was looked for and what was not. Words are found as the server finds them: without regard to
 * case and accents, and at their beginnings where they may go on. Joined again the pieces are the text.
 *
 * @param {string} text
 * @param {string} q what was looked for
 * @returns {Piece[]}
 */
export function highlight(text, q) {
  const sought = new Set(words(q).map(({ folded }) => folded));
  const last = /[\p{L}\p{N}]$/u.test(q) ? words(q).at(-1)?.folded : undefined;
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const { folded, start, length } of words(text)) {
    if (!sought.has(folded) && (last === undefined || !folded.startsWith(last))) continue;
    if (start > end) pieces.push({ text: text.slice(end, start), found: false });
    pieces.push({ text: text.slice(start, start + length), found: true });
    end = start + length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), found: false });
  return pieces;
}

/**
 * The part of a text around the first of what was looked for, on one line.
 *
 * @param {string} text
 * @param {string} q
 * @returns {Piece[]}
 */
export function excerpt(text, q) {
  const line = text.replace(/\s+/g, " ").trim();
  const [first] = highlight(line, q);
  const at = first === undefined || first.found ? 0 : first.text.length;
  const start = at <= BEFORE ? 0 : wordStart(line, at - BEFORE);
  const shown = Array.from(line.slice(start));
  const cut = shown.slice(0, EXCERPT).join("");
  const pieces = highlight(cut, q);
  if (start > 0) pieces.unshift({ text: "…", found: false });
  if (shown.length > EXCERPT) pieces.push({ text: "…", found: false });
  return pieces;
}

/** @param {string} text */
function words(text) {
  return Array.from(text.matchAll(/[\p{L}\p{N}\p{M}]+/gu), ({ 0: word, index }) => ({
    folded: fold(word),
    start: index,
    length: word.length,
  }));
}

/** @param {string} word */
function fold(word) {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Where the word begins that follows a place.
 *
 * @param {string} text
 * @param {number} place
 */
function wordStart(text, place) {
  const space = text.indexOf(" ", place);
  return space === -1 ? place : space + 1;
}
