import { exceedsChars } from "./names.ts";

/** The most characters (code points) that somebody may look for at once. */
export const MAX_SEARCH_CHARS = 200;
/** The most words that somebody may look for at once. */
export const MAX_SEARCH_WORDS = 16;

/** What a text must hold: words that follow each other; of the last one its beginning is enough if it is a prefix. */
export interface Term {
  /** The words, as they were written between spaces: each engine splits them further as it splits the texts. */
  readonly words: readonly string[];
  /** Whether the last word may go on. */
  readonly prefix: boolean;
}

/** What {@linkcode parseSearch} makes of what somebody typed: what to look for, or why that cannot be. */
export type ParsedSearch =
  | { readonly ok: true; readonly terms: readonly Term[] }
  | { readonly ok: false; readonly reason: string };

/** What no engine throws away: of a word something of this is left. */
const HAS_WORD = /[\p{L}\p{N}]/u;
/** What parts a phrase from the rest: the quotes of a keyboard, and those that phones put in their place. */
const QUOTE = /["“”„]/;
/** Controls part words as spaces do; an engine would take NUL for the end. */
const CONTROLS = /\p{Cc}/gu;

/**
 * Reads what somebody looks for.
 *
 * A text must hold every word of it, and those between quotes one after the other. The last word may be the beginning of one, unless a space or
 * a quote after it says that it is whole. What holds neither a letter nor a digit is passed over.
 */
export function parseSearch(input: string): ParsedSearch {
  if (exceedsChars(input, MAX_SEARCH_CHARS)) {
    return { ok: false, reason: `Must have at most ${MAX_SEARCH_CHARS} characters` };
  }
  const text = input.toWellFormed().replace(CONTROLS, " ");
  const terms = text.split(QUOTE).flatMap((part, place) => {
    const words = part.split(/\s+/).filter((word) => HAS_WORD.test(word));
    const isPhrase = place % 2 === 1;
    return isPhrase ? [words] : words.map((word) => [word]);
  }).filter((words) => words.length > 0);

  const words = terms.flat();
  if (words.length === 0) {
    return { ok: false, reason: "Must hold a word: there is neither a letter nor a digit in it" };
  }
  if (words.length > MAX_SEARCH_WORDS) {
    return { ok: false, reason: `Must have at most ${MAX_SEARCH_WORDS} words` };
  }
  const isLastOpen = text.endsWith(words.at(-1)!);
  return {
    ok: true,
    terms: terms.map((words, place) => ({
      words,
      prefix: isLastOpen && place === terms.length - 1,
    })),
  };
}
