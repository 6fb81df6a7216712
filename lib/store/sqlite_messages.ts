import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Message, Newest } from "../model/message.ts";
import { type NewestRow, READ_CHARS, toNewest } from "./newest.ts";
import { unescapeText } from "./safe_text.ts";

interface MessageRow {
  readonly key: number;
  readonly room: string;
  readonly seq: number;
  readonly pos: number;
  readonly id: string;
  readonly user_id: string;
  readonly username: string;
  readonly text: string | null;
  readonly time: number;
  readonly reply_to: string | null;
  readonly edited_at: number | null;
}

/** The columns of `message` that {@linkcode SqliteMessages.from} needs. */
export const COLUMNS =
  "key, room, seq, pos, id, user_id, username, text, time, reply_to, edited_at";

/** Makes messages of rows in a SQLite database. */
export class SqliteMessages {
  readonly #reactions: StatementSync;
  readonly #newest: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    this.#reactions = db.prepare(
      "SELECT emoji, user_id FROM reaction WHERE message = ? ORDER BY seq",
    );
    this.#newest = db.prepare(`
      SELECT user_id, username, substr(text, 1, ${READ_CHARS}) AS text, time
      FROM message WHERE room = ? AND text IS NOT NULL ORDER BY pos DESC LIMIT 1`);
  }

  /** The messages of rows that have all {@linkcode COLUMNS}. */
  from(rows: unknown[]): Message[] {
    return (rows as MessageRow[]).map((row) => ({
      room: row.room,
      seq: row.seq,
      pos: row.pos,
      id: unescapeText(row.id),
      user_id: row.user_id,
      username: unescapeText(row.username),
      ...(row.text === null ? { deleted: true } : { text: unescapeText(row.text) }),
      time: row.time,
      ...(row.reply_to !== null && { reply_to: unescapeText(row.reply_to) }),
      ...(row.edited_at !== null && { edited_at: row.edited_at }),
      // Only a message that something has changed can have reactions.
      ...(row.seq > row.pos && this.#reactionsOf(row.key)),
    }));
  }

  /** The newest message of a room that is not deleted, to stand beside its name in a list. */
  newest(room: string): { readonly newest?: Newest } {
    const row = this.#newest.get(room);
    return row ? { newest: toNewest(row as unknown as NewestRow) } : {};
  }

  #reactionsOf(key: number): Pick<Message, "reactions"> {
    const users = new Map<string, string[]>();
    for (const row of this.#reactions.all(key)) {
      const { emoji, user_id } = row as { emoji: string; user_id: string };
      const reacted = users.get(emoji);
      if (reacted) reacted.push(user_id);
      else users.set(emoji, [user_id]);
    }
    if (users.size === 0) return {};
    return {
      reactions: Object.fromEntries(
        [...users].map(([emoji, ids]) => [unescapeText(emoji), ids]),
      ),
    };
  }
}
