import type { Newest } from "../model/message.ts";
import { unescapeText } from "./safe_text.ts";

/** How much of a text a list of rooms shows, in characters (code points). */
const SHOWN_CHARS = 140;

/** How much of a text is read for that, in characters of the database: each may have been escaped into five. */
export const READ_CHARS = SHOWN_CHARS * 5;

/** The newest message of a room as a database gives it: a text that {@linkcode READ_CHARS} may have cut. */
export interface NewestRow {
  /** The author's id. */
  readonly user_id: string;
  /** The author's name. */
  readonly username: string;
  /** The beginning of its text. */
  readonly text: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly time: number;
}

/** Makes of a row what a list of rooms shows. */
export function toNewest({ user_id, username, text, time }: NewestRow): Newest {
  return {
    user_id,
    username: unescapeText(username),
    text: beginning(unescapeText(text)),
    time,
  };
}

/** The first characters of a text. */
export function beginning(text: string): string {
  return text.length <= SHOWN_CHARS ? text : Array.from(text).slice(0, SHOWN_CHARS).join("");
}
