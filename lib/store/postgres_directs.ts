import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { lock } from "./postgres_locks.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import type { Direct } from "./store.ts";

/**
 * The rooms of two people, and names as they are written.
 *
 * A direct room stays one of its people's: whoever would take it off their rooms does nothing, a release that knows
 * nothing of such rooms too, and it is never so long ago that they joined it that it is forgotten.
 */
export const DIRECT_FUNCTIONS = `
  -- NULL if it was held by a release before this step. The key is what it was folded to.
  ALTER TABLE name ADD COLUMN shown text;

  CREATE TABLE direct (                 -- the ids are in order
    room text COLLATE "C" PRIMARY KEY,
    first_id text COLLATE "C" NOT NULL,
    first_name text NOT NULL,
    second_id text COLLATE "C" NOT NULL,
    second_name text NOT NULL,
    UNIQUE (first_id, second_id)
  );
  CREATE INDEX direct_by_second ON direct (second_id);

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

  -- The room of two people, under a new name if they have none.
  CREATE FUNCTION make_direct(
    new_room text, id_1 text, name_1 text, id_2 text, name_2 text
  ) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE
    of_room text;
  BEGIN
    INSERT INTO direct (room, first_id, first_name, second_id, second_name)
    VALUES (new_room, id_1, name_1, id_2, name_2)
    ON CONFLICT (first_id, second_id) DO UPDATE
    SET first_name = excluded.first_name, second_name = excluded.second_name
    RETURNING room INTO of_room;
    INSERT INTO standing (user_id, room, read, joined_at)
    SELECT one, of_room, coalesce((SELECT seq FROM room WHERE room.room = of_room), 0), 0
    FROM unnest(ARRAY[id_1, id_2]) one
    ON CONFLICT DO NOTHING;
    RETURN of_room;
  END $$;

  -- Does what tell does, notes names as they are written, and makes direct rooms.
  CREATE FUNCTION tell_named(calls json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    call json;
    answer json;
    answers json[] := '{}';
  BEGIN
    PERFORM ${lock("people")};
    FOR call IN SELECT value FROM json_array_elements(calls) LOOP
      CASE call->>0
      WHEN 'direct' THEN
        answer := to_json(make_direct(call->>1, call->>2, call->>3, call->>4, call->>5));
      WHEN 'reserve' THEN
        answer := tell(json_build_array(call))->0;
        UPDATE name SET shown = call->>4 WHERE key = call->>1 AND user_id = call->>2;
      WHEN 'connect' THEN
        answer := tell(json_build_array(call))->0;
        UPDATE name SET shown = one.shown
        FROM json_to_recordset(call->2) AS one(key text, "user" text, shown text)
        WHERE name.key = one.key AND name.user_id = one."user";
      ELSE answer := tell(json_build_array(call))->0;
      END CASE;
      answers := array_append(answers, answer);
    END LOOP;
    RETURN array_to_json(answers);
  END $$;`;

interface DirectRow {
  readonly room: string;
  readonly first_id: string;
  readonly first_name: string;
  readonly second_id: string;
  readonly second_name: string;
}

const COLUMNS = "room, first_id, first_name, second_id, second_name";

const BY_ROOM = `SELECT ${COLUMNS} FROM direct WHERE room = $1`;

const OF_USER = `
  SELECT ${COLUMNS} FROM direct WHERE first_id = $1
  UNION ALL SELECT ${COLUMNS} FROM direct WHERE second_id = $1
  ORDER BY room`;

const HOLDER = `
  SELECT user_id AS id, coalesce(shown, key) AS name FROM name
  WHERE key = $1 AND (expires_at IS NULL OR expires_at > now_ms())`;

/** Reads which rooms are of two people, and who holds a name. */
export class PostgresDirects {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** The direct room of this name. */
  async of(room: string): Promise<Direct | undefined> {
    const row = await this.#client.row<DirectRow>(BY_ROOM, [room]);
    return row && toDirect(row);
  }

  /** A person's direct rooms, by name. */
  async ofUser(userId: string): Promise<readonly Direct[]> {
    const rows = await this.#client.rows<DirectRow>(OF_USER, [userId]);
    return rows.map(toDirect);
  }

  /** Who holds a name now, in any case. */
  async holder(name: string): Promise<User | undefined> {
    const row = await this.#client.row<User>(HOLDER, [escapeText(nameKey(name))]);
    return row && { id: row.id, name: unescapeText(row.name) };
  }
}

function toDirect({ room, first_id, first_name, second_id, second_name }: DirectRow): Direct {
  return {
    room,
    users: [
      { id: first_id, name: unescapeText(first_name) },
      { id: second_id, name: unescapeText(second_name) },
    ],
  };
}
