import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Change } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import { type ChangeRow, toChange } from "./rows.ts";
import { escapeText } from "./safe_text.ts";
import { COLUMNS, SqliteMessages } from "./sqlite_messages.ts";
import { isForward, type PageQuery } from "./store.ts";

/** Reads the logs of rooms in a SQLite database. */
export class SqliteHistory {
  readonly #changes: StatementSync;
  readonly #before: StatementSync;
  readonly #after: StatementSync;
  readonly #changedSince: StatementSync;
  readonly #message: StatementSync;
  readonly #messages: SqliteMessages;

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    this.#changes = db.prepare(`
      SELECT pos AS seq, 'chat_message' AS type, id, user_id, username, text, time, reply_to,
        edited_at, NULL AS emoji, NULL AS is_on
      FROM message WHERE room = ? AND pos > ? AND text IS NOT NULL
      UNION ALL
      SELECT c.seq, c.type, m.id, c.user_id, m.username, m.text, m.time, m.reply_to,
        m.edited_at, c.emoji, c.is_on
      FROM change c JOIN message m ON m.key = c.message WHERE c.room = ? AND c.seq > ?
      ORDER BY seq LIMIT ?`);
    this.#before = db.prepare(`
      SELECT ${COLUMNS} FROM message WHERE room = ? AND pos < ? AND pos > ?
      ORDER BY pos DESC LIMIT ?`);
    this.#after = db.prepare(`
      SELECT ${COLUMNS} FROM message WHERE room = ? AND pos > ? AND pos < ? ORDER BY pos LIMIT ?`);
    // A message that nothing has changed is found by its place, so that only the others need a second index.
    this.#changedSince = db.prepare(`
      SELECT ${COLUMNS.replace("seq", "pos AS seq")}
      FROM message WHERE room = ? AND pos > ? AND seq = pos
      UNION ALL
      SELECT ${COLUMNS} FROM message WHERE room = ? AND seq > ? AND seq > pos
      ORDER BY seq LIMIT ?`);
    this.#message = db.prepare(`SELECT ${COLUMNS} FROM message WHERE room = ? AND id = ?`);
    this.#messages = new SqliteMessages(db);
  }

  /** The changes above `after`, in order; of a message that was deleted only its deletion. */
  changes(room: string, after: number, limit: number): Change[] {
    const rows = this.#changes.all(room, after, room, after, limit);
    return (rows as unknown[] as ChangeRow[]).map((row) => toChange(room, row));
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Message[] {
    const { before = Number.MAX_SAFE_INTEGER, after = 0, limit } = query;
    const rows = isForward(query)
      ? this.#after.all(room, after, before, limit)
      : this.#before.all(room, before, after, limit).reverse();
    return this.#messages.from(rows);
  }

  /** The messages whose version is above `seq`, by version. */
  changedSince(room: string, seq: number, limit: number): Message[] {
    return this.#messages.from(this.#changedSince.all(room, seq, room, seq, limit));
  }

  /** One message. */
  message(room: string, id: string): Message | undefined {
    return this.#messages.from(this.#message.all(room, escapeText(id)))[0];
  }
}
