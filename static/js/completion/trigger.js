// @ts-check

/**
 * What is being written that can be completed: from where on, and what there is of it behind its sign.
 *
 * @typedef {{ readonly kind: "person" | "emoji", readonly start: number, readonly query: string }} Trigger
 */

/** What may stand before the sign of a mention or of an emoji: anything but a letter, a digit or `_`. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;
/** The longest name there is, in UTF-16 units: 32 characters. */
const MAX_NAME = 64;
/** A name may have single spaces. */
const NAME = /^(?:\S+ )*\S*$/u;
/** The name of an emoji from its second letter on, since `:D` and `:)` are written often. */
const EMOJI = /^[a-z0-9_+-]{2,32}$/iu;
const EMOJI_WHOLE = /:([a-z0-9_+-]{1,32}):$/iu;

/**
 * What is completed at a place of a text, if anything is.
 *
 * @param {string} text
 * @param {number} caret
 * @returns {Trigger | undefined}
 */
export function findTrigger(text, caret) {
  const before = text.slice(Math.max(0, caret - MAX_NAME - 2), caret);
  const offset = caret - before.length;
  return found("emoji", ":", EMOJI) ?? found("person", "@", NAME);

  /**
   * @param {Trigger["kind"]} kind
   * @param {string} sign
   * @param {RegExp} pattern
   * @returns {Trigger | undefined}
   */
  function found(kind, sign, pattern) {
    const at = before.lastIndexOf(sign);
    if (at < 0 || WORD.test(before.charAt(at - 1))) return undefined;
    const query = before.slice(at + 1);
    return pattern.test(query) ? { kind, start: offset + at, query } : undefined;
  }
}

/**
 * The name of an emoji that was just written out, as in `:tada:`, and where it begins.
 *
 * @param {string} text
 * @param {number} caret
 */
export function findWritten(text, caret) {
  const found = EMOJI_WHOLE.exec(text.slice(Math.max(0, caret - MAX_NAME), caret));
  if (!found) return undefined;
  const start = caret - found[0].length;
  return WORD.test(text.charAt(start - 1)) ? undefined : { start, name: found[1] ?? "" };
}
