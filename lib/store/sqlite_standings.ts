import type { DatabaseSync, StatementSync } from "node:sqlite";
import { mentions } from "../model/mentions.ts";
import { isDirectName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { SqliteMessages } from "./sqlite_messages.ts";
import { type Mark, MAX_UNREAD, type Standing } from "./store.ts";

interface Row {
  readonly room: string;
  readonly userId: string;
  readonly seq: number;
  readonly read: number;
}

const SELECT = `
  SELECT standing.room, user_id AS userId, seq, read
  FROM standing JOIN room ON room.room = standing.room`;

/** When a direct room was joined for the last time: never so long ago that it is forgotten. */
const ALWAYS = Number.MAX_SAFE_INTEGER;

/** Whether a row is of a room that its people may leave. */
const MAY_BE_LEFT = "substr(room, 1, 1) <> '~'";

/** People's rooms in a SQLite database, and how far they have read in each. */
export class SqliteStandings {
  readonly #now: () => number;
  readonly #enroll: StatementSync;
  readonly #withdraw: StatementSync;
  readonly #forget: StatementSync;
  readonly #mark: StatementSync;
  readonly #ofUser: StatementSync;
  readonly #ofUserIn: StatementSync;
  readonly #unread: StatementSync;
  readonly #removeOld: StatementSync;
  readonly #messages: SqliteMessages;

  /** `db` has the schema of {@linkcode openDatabase}; `now` is in milliseconds since 1970. */
  constructor(db: DatabaseSync, now: () => number) {
    this.#now = now;
    this.#messages = new SqliteMessages(db);
    this.#enroll = db.prepare(`
      INSERT INTO standing (user_id, room, read, joined_at)
      SELECT ?, room, seq, ? FROM room WHERE room = ?
      ON CONFLICT DO UPDATE SET joined_at = excluded.joined_at`);
    this.#withdraw = db.prepare(`
      DELETE FROM standing WHERE user_id = ? AND room = ? AND ${MAY_BE_LEFT} AND NOT EXISTS (
        SELECT 1 FROM present WHERE room = standing.room AND user_id = standing.user_id
      )`);
    this.#forget = db.prepare(`DELETE FROM standing WHERE user_id = ? AND ${MAY_BE_LEFT}`);
    this.#mark = db.prepare(`
      UPDATE standing
      SET read = max(read, min(?, (SELECT seq FROM room WHERE room = standing.room)))
      WHERE user_id = ? AND room = ?`);
    this.#ofUser = db.prepare(`${SELECT} WHERE user_id = ? ORDER BY standing.room`);
    this.#ofUserIn = db.prepare(`${SELECT} WHERE user_id = ? AND standing.room = ?`);
    this.#unread = db.prepare(`
      SELECT text FROM message WHERE room = ? AND pos > ? AND user_id <> ? AND text IS NOT NULL
      ORDER BY pos LIMIT ${MAX_UNREAD}`);
    this.#removeOld = db.prepare(`
      DELETE FROM standing WHERE (user_id, room) IN (
        SELECT user_id, room FROM standing WHERE joined_at < ? LIMIT ?
      )`);
  }

  /** Makes a room one of a person's, read up to its head, unless it is one already. The room must have its row. */
  enroll(userId: string, room: string): void {
    this.#enroll.run(userId, isDirectName(room) ? ALWAYS : this.#now(), room);
  }

  /** Takes a room off a person's rooms, unless they are still in it or it is a direct one. */
  withdraw(userId: string, room: string): void {
    this.#withdraw.run(userId, room);
  }

  /** Forgets all rooms but the direct ones of a person who will not come back, and answers how many. */
  forget(userId: string): number {
    return Number(this.#forget.run(userId).changes);
  }

  /** Forgets at most `limit` of the rooms that nobody joined since a time, in milliseconds since 1970. */
  removeOld(before: number, limit: number): void {
    this.#removeOld.run(before, limit);
  }

  /** Notes how far people have read in rooms of theirs. A mark only ever rises, and never past the head. */
  mark(marks: readonly Mark[]): void {
    for (const { seq, userId, room } of marks) this.#mark.run(seq, userId, room);
  }

  /** How far a person has come in each of their rooms, by name. */
  standings(user: User): Standing[] {
    return this.#ofUser.all(user.id).map((row) => this.#count(row as unknown as Row, user));
  }

  /** How far some people have come in one room; without those whose room it is not. */
  standingsIn(room: string, users: readonly User[]): Standing[] {
    return users.flatMap((user) => {
      const row = this.#ofUserIn.get(user.id, room);
      return row ? [this.#count(row as unknown as Row, user)] : [];
    });
  }

  #count(row: Row, user: User): Standing {
    const texts = this.#unread.all(row.room, row.read, user.id).map(({ text }) => String(text));
    const named = texts.filter((text) => mentions(text, user.name));
    return {
      ...row,
      unread: texts.length,
      mentions: named.length,
      ...this.#messages.newest(row.room),
    };
  }
}
