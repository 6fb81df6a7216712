import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { escapeText, unescapeText } from "./safe_text.ts";

/** Who holds which name. A person holds one name, and a name has one holder. */
export const NAME_FUNCTIONS = `
  CREATE FUNCTION is_held_by_another(of_key text, for_user text) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    RETURN EXISTS (
      SELECT FROM name WHERE key = of_key AND user_id <> for_user
      AND (expires_at IS NULL OR expires_at > now_ms())
    );
  END $$;

  CREATE FUNCTION hold(new_key text, for_user text, new_keep_ms bigint, until bigint) RETURNS void
  LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM name WHERE key = new_key OR user_id = for_user;
    INSERT INTO name (key, user_id, keep_ms, expires_at) VALUES (new_key, for_user, new_keep_ms, until);
  END $$;

  -- For somebody who has no connection yet; false if somebody else holds it.
  CREATE FUNCTION reserve(of_key text, for_user text, for_ms bigint) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    mine record;
    until bigint := now_ms() + for_ms;
  BEGIN
    IF is_held_by_another(of_key, for_user) THEN RETURN false; END IF;
    SELECT * INTO mine FROM name WHERE user_id = for_user;
    IF FOUND AND mine.expires_at IS NULL THEN
      PERFORM hold(of_key, for_user, mine.keep_ms, NULL);
    ELSIF mine.key = of_key THEN
      PERFORM hold(of_key, for_user, for_ms, greatest(mine.expires_at, until));
    ELSE
      PERFORM hold(of_key, for_user, for_ms, until);
    END IF;
    RETURN true;
  END $$;

  -- For somebody who is connected; false if somebody else holds it.
  CREATE FUNCTION claim(of_key text, for_user text, for_ms bigint) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    promised_ms bigint;
  BEGIN
    IF is_held_by_another(of_key, for_user) THEN RETURN false; END IF;
    -- What one connection was promised, another one of the same person does not take away.
    SELECT keep_ms INTO promised_ms FROM name WHERE user_id = for_user AND expires_at IS NULL;
    PERFORM hold(of_key, for_user, greatest(promised_ms, for_ms), NULL);
    RETURN true;
  END $$;

  -- Now, or with the last connection.
  CREATE FUNCTION release(of_user text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE name SET keep_ms = 0, expires_at = CASE WHEN expires_at IS NOT NULL THEN 0 END
    WHERE user_id = of_user;
  END $$;

  -- For people who have had no connection since a time. Nobody can come back under a name that is not kept, so nobody has
  -- use for its rooms.
  CREATE FUNCTION keep_names_of_gone(people json) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    gone text[] := ARRAY(
      SELECT one.user_id FROM json_to_recordset(people) AS one(user_id text)
      WHERE NOT EXISTS (SELECT FROM online WHERE online.user_id = one.user_id)
    );
  BEGIN
    UPDATE name SET expires_at = one.since + keep_ms
    FROM json_to_recordset(people) AS one(user_id text, since bigint)
    WHERE one.user_id = ANY (gone) AND name.user_id = one.user_id;
    DELETE FROM standing WHERE user_id = ANY (gone)
    AND NOT EXISTS (SELECT FROM name WHERE name.user_id = standing.user_id AND keep_ms > 0);
  END $$;`;

const HELD = `
  SELECT user_id AS id, coalesce(shown, key) AS name FROM name
  WHERE (expires_at IS NULL OR expires_at > now_ms())`;

/** Who holds a name now, in any case. */
export async function holderOf(client: PostgresClient, name: string): Promise<User | undefined> {
  const row = await client.row<User>(`${HELD} AND key = $1`, [escapeText(nameKey(name))]);
  return row && toUser(row);
}

/** Who of some people hold a name now. */
export async function holdersOf(
  client: PostgresClient,
  userIds: readonly string[],
): Promise<readonly User[]> {
  const rows = await client.rows<User>(
    `${HELD} AND user_id IN (SELECT json_array_elements_text($1::text::json))`,
    [JSON.stringify(userIds)],
  );
  return rows.map(toUser);
}

function toUser({ id, name }: User): User {
  return { id, name: unescapeText(name) };
}
