/** The most characters (code points) that a user's name may have. */
export const MAX_NAME_CHARS = 32;

/** The room that always exists. */
export const GENERAL = "general";

const ROOM_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** A tilde and a ULID. */
const DIRECT_NAME = /^~[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * What a name must not hold: controls, lone surrogates, line separators, and whatever is invisible or
 * turns the direction of text around. Two names must never look alike and differ in such a character.
 */
const UNFIT_IN_NAME =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]/u;

/** What {@linkcode parseName} makes of a text: the name, or why it is none. */
export type ParsedName =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: string };

/** Brings a name into the one form that is stored and shown (NFC, trimmed), or says why it is none. */
export function parseName(input: string): ParsedName {
  const name = input.normalize("NFC").trim();
  const chars = countChars(name);
  if (chars < 1 || chars > MAX_NAME_CHARS) {
    return {
      ok: false,
      reason: `A name must have 1 to ${MAX_NAME_CHARS} characters: this one has ${chars}`,
    };
  }
  if (UNFIT_IN_NAME.test(name)) {
    return {
      ok: false,
      reason: "A name must not hold control, direction or invisible characters",
    };
  }
  return { ok: true, name };
}

/** The form of a name under which it is unique: equal for names that differ only in case. */
export function nameKey(name: string): string {
  // Upper case first: it folds what has no lower-case twin of its own, such as "ß" and the final sigma.
  return name.toUpperCase().toLowerCase().normalize("NFC");
}

/** Whether a text is the name of a room that people may open. */
export function isRoomName(name: string): boolean {
  return ROOM_NAME.test(name);
}

/** Whether a text is the name of a room of two people. */
export function isDirectName(name: string): boolean {
  return DIRECT_NAME.test(name);
}

/** The number of characters (code points) in a text. */
export function countChars(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xFC00) === 0xD800 && (text.charCodeAt(i + 1) & 0xFC00) === 0xDC00) {
      count--;
      i++;
    }
  }
  return count;
}

/** Whether a text has more than `limit` characters (code points). */
export function exceedsChars(text: string, limit: number): boolean {
  // Most texts are so short that nothing needs to be counted.
  return text.length > limit && countChars(text) > limit;
}
