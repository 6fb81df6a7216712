import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./directs.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { SqliteStandings } from "./sqlite_standings.ts";
import type { Direct } from "./store.ts";

interface Row {
  readonly room: string;
  readonly one: string;
  readonly one_name: string;
  readonly other: string;
  readonly other_name: string;
}

/** The rooms of two people in a SQLite database. */
export class SqliteDirects {
  readonly #standings: SqliteStandings;
  readonly #addRoom: StatementSync;
  readonly #make: StatementSync;
  readonly #byRoom: StatementSync;
  readonly #ofUser: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync, standings: SqliteStandings) {
    this.#standings = standings;
    this.#make = db.prepare(`
      INSERT INTO direct (room, one, one_name, other, other_name) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (one, other) DO UPDATE
      SET one_name = excluded.one_name, other_name = excluded.other_name RETURNING *`);
    this.#addRoom = db.prepare("INSERT INTO room (room) VALUES (?) ON CONFLICT DO NOTHING");
    this.#byRoom = db.prepare("SELECT * FROM direct WHERE room = ?");
    this.#ofUser = db.prepare("SELECT * FROM direct WHERE one = ? OR other = ? ORDER BY room");
  }

  /** The direct room of two people, made if they have none; a room of both from now on. */
  direct(users: readonly [User, User]): Direct {
    const people = inOrder(users).flatMap(({ id, name }) => [id, escapeText(name)]);
    const direct = toDirect(this.#make.get(newDirectName(), ...people));
    this.#addRoom.run(direct.room);
    for (const { id } of users) this.#standings.enroll(id, direct.room);
    return direct;
  }

  /** The two of a direct room. */
  of(room: string): Direct | undefined {
    const row = this.#byRoom.get(room);
    return row && toDirect(row);
  }

  /** A person's direct rooms, by name. */
  ofUser(userId: string): Direct[] {
    return this.#ofUser.all(userId, userId).map(toDirect);
  }
}

function toDirect(found: unknown): Direct {
  const { room, one, one_name, other, other_name } = found as Row;
  return {
    room,
    users: [
      { id: one, name: unescapeText(one_name) },
      { id: other, name: unescapeText(other_name) },
    ],
  };
}
