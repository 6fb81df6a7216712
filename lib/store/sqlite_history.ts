import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Change } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { PageQuery } from "./store.ts";
import { escapeText, unescapeText } from "./safe_text.ts";

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

interface ChangeRow {
  readonly room: string;
  readonly seq: number;
  readonly type: Change["type"];
  readonly id: string;
  readonly user_id: string;
  readonly username: string;
  readonly text: string;
  readonly time: number;
  readonly reply_to: string | null;
  readonly edited_at: number;
  readonly emoji: string;
  readonly is_on: number;
}

const COLUMNS = "key, room, seq, pos, id, user_id, username, text, time, reply_to, edited_at";

/** Reads the logs of rooms in a SQLite database. */
export class SqliteHistory {
  readonly #changes: StatementSync;
  readonly #before: StatementSync;
  readonly #after: StatementSync;
  readonly #changedSince: StatementSync;
  readonly #message: StatementSync;
  readonly #reactions: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    this.#changes = db.prepare(`
      SELECT room, pos AS seq, 'chat_message' AS type, id, user_id, username, text, time, reply_to,
        edited_at, NULL AS emoji, NULL AS is_on
      FROM message WHERE room = ?1 AND pos > ?2 AND text IS NOT NULL
      UNION ALL
      SELECT c.room, c.seq, c.type, m.id, c.user_id, m.username, m.text, m.time, m.reply_to,
        m.edited_at, c.emoji, c.is_on
      FROM change c JOIN message m ON m.key = c.message WHERE c.room = ?1 AND c.seq > ?2
      ORDER BY seq LIMIT ?3`);
    this.#before = db.prepare(`
      SELECT ${COLUMNS} FROM message WHERE room = ? AND pos < ? AND pos > ?
      ORDER BY pos DESC LIMIT ?`);
    this.#after = db.prepare(`
      SELECT ${COLUMNS} FROM message WHERE room = ? AND pos > ? ORDER BY pos LIMIT ?`);
    // A message that nothing has changed is found by its place, so that only the others need a second index.
    this.#changedSince = db.prepare(`
      SELECT ${COLUMNS.replace("seq", "pos AS seq")}
      FROM message WHERE room = ?1 AND pos > ?2 AND seq = pos
      UNION ALL
      SELECT ${COLUMNS} FROM message WHERE room = ?1 AND seq > ?2 AND seq > pos
      ORDER BY seq LIMIT ?3`);
    this.#message = db.prepare(`SELECT ${COLUMNS} FROM message WHERE room = ? AND id = ?`);
    this.#reactions = db.prepare(
      "SELECT emoji, user_id FROM reaction WHERE message = ? ORDER BY seq",
    );
  }

  /** The changes above `after`, in order; of a message that was deleted only its deletion. */
  changes(room: string, after: number, limit: number): Change[] {
    return (this.#changes.all(room, after, limit) as unknown as ChangeRow[]).map(toChange);
  }

  /** A page of messages, oldest first; the ones nearest to `before` if both bounds are given. */
  page(room: string, { before, after, first, limit }: PageQuery): Message[] {
    const rows = before === undefined && (first || after !== undefined)
      ? this.#after.all(room, after ?? 0, limit)
      : this.#before.all(room, before ?? Number.MAX_SAFE_INTEGER, after ?? 0, limit).reverse();
    return this.#toMessages(rows);
  }

  /** The messages whose version is above `seq`, by version. */
  changedSince(room: string, seq: number, limit: number): Message[] {
    return this.#toMessages(this.#changedSince.all(room, seq, limit));
  }

  /** One message. */
  message(room: string, id: string): Message | undefined {
    return this.#toMessages(this.#message.all(room, escapeText(id)))[0];
  }

  #toMessages(rows: unknown[]): Message[] {
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

  #reactionsOf(key: number): Pick<Message, "reactions"> {
    const users = new Map<string, string[]>();
    for (const row of this.#reactions.iterate(key)) {
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

function toChange(row: ChangeRow): Change {
  const { room, seq, type } = row;
  const id = unescapeText(row.id);
  switch (type) {
    case "chat_message":
      return {
        type,
        room,
        seq,
        id,
        user_id: row.user_id,
        username: unescapeText(row.username),
        text: unescapeText(row.text),
        time: row.time,
        ...(row.reply_to !== null && { reply_to: unescapeText(row.reply_to) }),
      };
    case "message_edited":
      return { type, room, seq, id, text: unescapeText(row.text), edited_at: row.edited_at };
    case "message_deleted":
      return { type, room, seq, id };
    case "reaction":
      return {
        type,
        room,
        seq,
        id,
        emoji: unescapeText(row.emoji),
        user_id: row.user_id,
        on: row.is_on === 1,
      };
  }
}
