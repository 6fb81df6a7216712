/**
 * Set before the code unit of a character that an engine would change.
 *
 * U+FDD0 is a noncharacter: Unicode keeps it for use inside programs (Unicode 16, section 23.7), so it costs
 * nobody a character.
 */
const ESCAPE = "\uFDD0";

/** NUL, which ends a text in C; lone surrogates, which UTF-8 cannot carry; and the escape itself. */
const UNSAFE = /[\0\uFDD0\p{Cs}]/gu;
const ESCAPED = /\uFDD0(....)/g;

/**
 * Brings any JavaScript string into a form that every engine gives back as it was: `node:sqlite` cuts a text at its
 * first NUL, PostgreSQL refuses it, and both turn a lone surrogate into U+FFFD, which would make two texts one.
 *
 * Texts without such characters stay what they are. {@linkcode unescapeText} turns it back.
 */
export function escapeText(text: string): string {
  if (text.isWellFormed() && !text.includes("\0") && !text.includes(ESCAPE)) return text;
  return text.replace(UNSAFE, (char) => ESCAPE + char.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** Turns what {@linkcode escapeText} made back into the string that it was made from. */
export function unescapeText(text: string): string {
  return text.includes(ESCAPE)
    ? text.replace(ESCAPED, (_, unit) => String.fromCharCode(parseInt(unit, 16)))
    : text;
}
