import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Message, Newest } from "../model/message.ts";
import { type NewestRow, READ_CHARS, toNewest } from "./newest.ts";
import { type MessageRow, type ReactionRow, toMessage } from "./rows.ts";

/** The columns of `message` that {@linkcode SqliteMessages.from} needs. */
export const COLUMNS =
  "key, room, seq, pos, id, user_id, username, text, time, reply_to, edited_at";

interface KeyedRow extends MessageRow {
  readonly key: number;
  readonly room: string;
}

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
    return (rows as KeyedRow[]).map((row) =>
      // Only a message that something has changed can have reactions.
      toMessage(row.room, row, row.seq > row.pos ? this.#reactionsOf(row.key) : null)
    );
  }

  /** The newest message of a room that is not deleted, to stand beside its name in a list. */
  newest(room: string): { readonly newest?: Newest } {
    const row = this.#newest.get(room);
    return row ? { newest: toNewest(row as unknown as NewestRow) } : {};
  }

  #reactionsOf(key: number): ReactionRow[] {
    const rows = this.#reactions.all(key) as { emoji: string; user_id: string }[];
    return rows.map(({ emoji, user_id }) => [emoji, user_id]);
  }
}
