import type { Newest } from "../model/message.ts";
import { firstChars } from "../model/names.ts";
import { unescapeText } from "./safe_text.ts";

/** How many characters (code points) of a text are told in a list of rooms. */
const NEWEST_CHARS = 140;

/** How many characters of an escaped text hold them in any case: {@linkcode unescapeText} makes one of five at the most. */
export const ESCAPED_CHARS = 5 * NEWEST_CHARS;

/** The columns of the newest message of a room, as they come from SQL; all `null` if there is none. */
export interface NewestRow {
  /** The author's id. */
  readonly newest_user: string | null;
  /** The author's name, escaped. */
  readonly newest_name: string | null;
  /** The first {@linkcode ESCAPED_CHARS} characters of the text, escaped. */
  readonly newest_text: string | null;
  /** When it was sent. */
  readonly newest_time: number | null;
}

/** Makes the `newest` of a room of the columns that are in a row. */
export function readNewest(row: NewestRow): { readonly newest?: Newest } {
  const { newest_user, newest_name, newest_text, newest_time } = row;
  if (newest_user === null || newest_text === null) return {};
  return {
    newest: toNewest({
      user_id: newest_user,
      username: unescapeText(newest_name ?? ""),
      text: unescapeText(newest_text),
      time: newest_time ?? 0,
    }),
  };
}

/** The newest message of a room, with as much of its text as is told. */
export function toNewest({ user_id, username, text, time }: Newest): Newest {
  return { user_id, username, text: firstChars(text, NEWEST_CHARS), time };
}
