// @ts-check

/** What may stand before the `@` of a mention, and after its name: anything but a letter, a digit or `_`. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;

/**
 * Whether a text names a person: `@` and their name, in any case, standing alone. The server counts by the same rule.
 *
 * @param {string} text
 * @param {string} name
 */
export function mentions(text, name) {
  const haystack = foldName(text);
  const needle = `@${foldName(name)}`;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const before = haystack.slice(0, at).at(-1) ?? "";
    const after = String.fromCodePoint(haystack.codePointAt(at + needle.length) ?? 0x20);
    if (!WORD.test(before) && !WORD.test(after)) return true;
  }
  return false;
}

/**
 * A name as it is compared: two that differ only in case are equal.
 *
 * @param {string} text
 */
export function foldName(text) {
  // Upper case first: it folds what has no lower-case twin of its own, such as "ß" and the final sigma.
  return text.toUpperCase().toLowerCase().normalize("NFC");
}
