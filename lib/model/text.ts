import { countChars, exceedsChars } from "./names.ts";

/** What {@linkcode parseText} makes of a text: what will be stored, or why it cannot be. */
export type ParsedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: "bad_request" | "too_long"; readonly reason: string };

/**
 * Checks the text of a message: 1 to `maxChars` characters (code points), not only white space.
 *
 * Half a surrogate pair becomes U+FFFD, as it would on the way through UTF-8, so that all copies of a message are
 * equal; so does NUL, which not every store can keep.
 */
export function parseText(input: string, maxChars: number): ParsedText {
  if (exceedsChars(input, maxChars)) {
    const chars = countChars(input);
    return {
      ok: false,
      code: "too_long",
      reason: `A message must have at most ${maxChars} characters: this one has ${chars}`,
    };
  }
  if (input.trim() === "") {
    return {
      ok: false,
      code: "bad_request",
      reason: "A message must have a text: this one is blank",
    };
  }
  return { ok: true, text: input.toWellFormed().replaceAll("\0", "\uFFFD") };
}
