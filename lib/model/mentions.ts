import { nameKey } from "./names.ts";

/** What may stand before the `@` of a mention, and after its name: anything but a letter, a digit or `_`. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Whether a text names a person: `@` and their name, in any case, standing alone. */
export function mentions(text: string, name: string): boolean {
  const haystack = nameKey(text);
  const needle = `@${nameKey(name)}`;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    if (standsAlone(haystack, at, at + needle.length)) return true;
  }
  return false;
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = text.slice(0, start).at(-1) ?? "";
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  return !WORD.test(before) && !WORD.test(after);
}
