import { ulid } from "@std/ulid";
import type { User } from "../model/user.ts";
import { inOrder } from "./directs.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { Direct } from "./store.ts";

/** The rooms of two people, in the order of their ids. */
export const DIRECT_TABLES = `
  CREATE TABLE direct (
    room text COLLATE "C" PRIMARY KEY,
    one text COLLATE "C" NOT NULL,
    one_name text NOT NULL,
    other text COLLATE "C" NOT NULL,
    other_name text NOT NULL,
    UNIQUE (one, other)
  );
  CREATE INDEX direct_by_other ON direct (other);

  -- Whoever asks first makes it; it becomes a room of both.
  CREATE FUNCTION make_direct(new_room text, of_one text, of_one_name text, of_other text, of_other_name text)
  RETURNS direct LANGUAGE plpgsql AS $$
  DECLARE
    made direct;
  BEGIN
    INSERT INTO direct (room, one, one_name, other, other_name)
    VALUES (new_room, of_one, of_one_name, of_other, of_other_name) ON CONFLICT (one, other) DO NOTHING;
    SELECT * INTO made FROM direct WHERE one = of_one AND other = of_other;
    INSERT INTO standing (user_id, room, read, joined_at)
    SELECT user_id, made.room, coalesce((SELECT seq FROM room WHERE room.room = made.room), 0), now_ms()
    FROM unnest(ARRAY[of_one, of_other]) AS user_id
    ON CONFLICT (user_id, room) DO UPDATE SET joined_at = excluded.joined_at;
    RETURN made;
  END $$;`;

interface Row {
  readonly room: string;
  readonly one: string;
  readonly one_name: string;
  readonly other: string;
  readonly other_name: string;
}

/** The rooms of two people in a PostgreSQL database. */
export class PostgresDirects {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** The direct room of two people, made if they have none; a room of both from now on. */
  async direct(users: readonly [User, User]): Promise<Direct> {
    const fields = inOrder(users).flatMap(({ id, name }) => [id, escapeText(name)]);
    const row = await this.#client.row<Row>(
      "SELECT * FROM make_direct($1, $2, $3, $4, $5)",
      [`~${ulid()}`, ...fields],
    );
    return toDirect(row!);
  }

  /** The two of a direct room. */
  async of(room: string): Promise<Direct | undefined> {
    const row = await this.#client.row<Row>("SELECT * FROM direct WHERE room = $1", [
      escapeText(room),
    ]);
    return row && toDirect(row);
  }

  /** A person's direct rooms, by name. */
  async ofUser(userId: string): Promise<readonly Direct[]> {
    const rows = await this.#client.rows<Row>(
      "SELECT * FROM direct WHERE one = $1 OR other = $1 ORDER BY room",
      [userId],
    );
    return rows.map(toDirect);
  }
}

function toDirect({ room, one, one_name, other, other_name }: Row): Direct {
  return {
    room,
    users: [
      { id: one, name: unescapeText(one_name) },
      { id: other, name: unescapeText(other_name) },
    ],
  };
}
