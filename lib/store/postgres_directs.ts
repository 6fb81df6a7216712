import type { User } from "../model/user.ts";
import { inOrder, newDirectName } from "./directs.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { Direct } from "./store.ts";

/**
 * The rooms of two people, in the order of their ids, and names as they are written.
 *
 * A direct room stays one of its people's: whoever would take it off their rooms does nothing, a release that knows
 * nothing of such rooms too, and it is never so long ago that they joined it that it is forgotten.
 */
export const DIRECT_TABLES = `
  -- NULL if it is held by a release that does not note it: the key is what it was folded to.
  ALTER TABLE name ADD COLUMN shown text;

  CREATE TABLE direct (
    room text COLLATE "C" PRIMARY KEY,
    one text COLLATE "C" NOT NULL,
    one_name text NOT NULL,
    other text COLLATE "C" NOT NULL,
    other_name text NOT NULL,
    UNIQUE (one, other)
  );
  CREATE INDEX direct_by_other ON direct (other);

  CREATE FUNCTION keep_direct() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RETURN NULL;
  END $$;
  CREATE TRIGGER direct_stays BEFORE DELETE ON standing
  FOR EACH ROW WHEN (left(OLD.room, 1) = '~') EXECUTE FUNCTION keep_direct();

  CREATE FUNCTION never_forget_direct() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.joined_at := ${Number.MAX_SAFE_INTEGER};
    RETURN NEW;
  END $$;
  CREATE TRIGGER direct_is_never_old BEFORE INSERT OR UPDATE OF joined_at ON standing
  FOR EACH ROW WHEN (left(NEW.room, 1) = '~') EXECUTE FUNCTION never_forget_direct();

  -- Whoever asks first makes it; it becomes a room of both. The names are those that were given last.
  CREATE FUNCTION make_direct(new_room text, of_one text, of_one_name text, of_other text, of_other_name text)
  RETURNS direct LANGUAGE plpgsql AS $$
  DECLARE
    made direct;
  BEGIN
    INSERT INTO direct AS known (room, one, one_name, other, other_name)
    VALUES (new_room, of_one, of_one_name, of_other, of_other_name)
    ON CONFLICT (one, other) DO UPDATE
    SET one_name = excluded.one_name, other_name = excluded.other_name
    RETURNING known.* INTO made;
    INSERT INTO standing (user_id, room, read, joined_at)
    SELECT user_id, made.room, coalesce((SELECT seq FROM room WHERE room.room = made.room), 0), now_ms()
    FROM unnest(ARRAY[of_one, of_other]) AS user_id
    ON CONFLICT DO NOTHING;
    RETURN made;
  END $$;

  -- Does what tell does, and notes names as they are written.
  CREATE FUNCTION tell_named(calls json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    call json;
    answers json := tell(calls);
  BEGIN
    FOR call IN SELECT value FROM json_array_elements(calls) LOOP
      CASE call->>0
      WHEN 'reserve' THEN
        UPDATE name SET shown = call->>4 WHERE key = call->>1 AND user_id = call->>2;
      WHEN 'connect' THEN
        UPDATE name SET shown = one.shown
        FROM json_to_recordset(call->2) AS one(key text, "user" text, shown text)
        WHERE name.key = one.key AND name.user_id = one."user";
      ELSE NULL;
      END CASE;
    END LOOP;
    RETURN answers;
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
      [newDirectName(), ...fields],
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
