import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./direct_room.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { SqliteStandings } from "./sqlite_standings.ts";
import type { Direct } from "./store.ts";

interface DirectRow {
  readonly room: string;
  readonly first_id: string;
  readonly first_name: string;
  readonly second_id: string;
  readonly second_name: string;
}

/** The rooms of two people, in a SQLite database. */
export class SqliteDirects {
  readonly #standings: SqliteStandings;
  readonly #make: StatementSync;
  readonly #addRoom: StatementSync;
  readonly #byRoom: StatementSync;
  readonly #ofUser: StatementSync;

  /** `db` has the schema of `openDatabase`. */
  constructor(db: DatabaseSync, standings: SqliteStandings) {
    this.#standings = standings;
    this.#make = db.prepare(`
      INSERT INTO direct (room, first_id, first_name, second_id, second_name) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (first_id, second_id) DO UPDATE
      SET first_name = excluded.first_name, second_name = excluded.second_name
      RETURNING *`);
    this.#addRoom = db.prepare("INSERT INTO room (room) VALUES (?) ON CONFLICT DO NOTHING");
    this.#byRoom = db.prepare("SELECT * FROM direct WHERE room = ?");
    this.#ofUser = db.prepare(`
      SELECT * FROM direct WHERE first_id = ?1 UNION ALL SELECT * FROM direct WHERE second_id = ?1
      ORDER BY room`);
  }

  /** The direct room of two people, made if they have none; it is one of both. */
  make(users: readonly [User, User]): Direct {
    const ordered = inOrder(users);
    const people = ordered.flatMap(({ id, name }) => [id, escapeText(name)]);
    const direct = toDirect(this.#make.get(newDirectName(), ...people));
    this.#addRoom.run(direct.room);
    for (const { id } of ordered) this.#standings.enroll(id, direct.room);
    return direct;
  }

  /** The direct room of this name. */
  of(room: string): Direct | undefined {
    const row = this.#byRoom.get(room);
    return row && toDirect(row);
  }

  /** A person's direct rooms, by name. */
  ofUser(userId: string): Direct[] {
    return this.#ofUser.all(userId).map(toDirect);
  }
}

function toDirect(row: unknown): Direct {
  const { room, first_id, first_name, second_id, second_name } = row as DirectRow;
  return {
    room,
    users: [
      { id: first_id, name: unescapeText(first_name) },
      { id: second_id, name: unescapeText(second_name) },
    ],
  };
}
