import type { PostgresClient } from "./postgres_client.ts";
import type { Retention } from "./store.ts";

/** How many messages one call removes at the most. */
const MESSAGES_A_CALL = 50;
/** How many rooms one call looks at to find some. */
const ROOMS_A_CALL = 20;
/** How many rooms of people one call forgets at the most. */
const STANDINGS_A_CALL = 100;
/** How long a room stays somebody's who does not come back to it, in milliseconds: as long as a token lives. */
const STANDING_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Removes messages of one of the rooms from a name on; gives where to go on, or NULL at the end. */
export const PRUNE_FUNCTION = `
  CREATE FUNCTION prune(sent_before bigint, per_room bigint, from_room text) RETURNS text
  LANGUAGE plpgsql AS $$
  DECLARE
    next_room text;
    head room;
    victims bigint[];
  BEGIN
    DELETE FROM standing WHERE (user_id, room) IN (
      SELECT user_id, room FROM standing WHERE joined_at < now_ms() - ${STANDING_KEPT_MS}
      LIMIT ${STANDINGS_A_CALL} FOR UPDATE SKIP LOCKED
    );
    FOR next_room IN
      SELECT room FROM room WHERE room >= from_room
      AND (messages > per_room OR sent_before > 0) ORDER BY room LIMIT ${ROOMS_A_CALL}
    LOOP
      SELECT * INTO head FROM room WHERE room = next_room FOR UPDATE;
      -- A room's latest change is always told, so the message that it belongs to stays.
      SELECT array_agg(key) INTO victims FROM (
        SELECT key, seq, time, row_number() OVER (ORDER BY pos) - 1 AS place
        FROM (
          SELECT key, seq, time, pos FROM message WHERE room = next_room
          ORDER BY pos LIMIT ${MESSAGES_A_CALL}
        ) oldest
      ) placed
      WHERE seq <> head.seq AND (place < head.messages - per_room OR time < sent_before);
      CONTINUE WHEN victims IS NULL;
      DELETE FROM reaction WHERE message = ANY (victims);
      DELETE FROM change WHERE message = ANY (victims);
      DELETE FROM message WHERE key = ANY (victims);
      UPDATE room SET messages = messages - cardinality(victims) WHERE room = next_room;
      RETURN next_room;
    END LOOP;
    RETURN (
      SELECT room FROM room WHERE room > next_room ORDER BY room LIMIT 1
    );
  END $$;`;

/** Removes the messages that are not kept, a few at a time. */
export class PostgresRetention {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** Removes messages of one of the rooms from `from` on; answers where to go on, or `undefined` at the end. */
  async prune({ sentBefore, perRoom }: Retention, from: string): Promise<string | undefined> {
    const limit = Math.min(perRoom, Number.MAX_SAFE_INTEGER);
    const row = await this.#client.row<{ next: string | null }>(
      "SELECT prune($1::bigint, $2::bigint, $3::text) AS next",
      [Math.floor(sentBefore), limit, from],
    );
    return row?.next ?? undefined;
  }
}
