import type { Change } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { type ChangeRow, type MessageRow, type ReactionRow, toChange, toMessage } from "./rows.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import { isForward, type PageQuery, type People, type Snapshot } from "./store.ts";

/** A row of `message` with {@linkcode COLUMNS}. */
export interface ReactedRow extends MessageRow {
  /** In the order in which they were put on. */
  readonly reactions: readonly ReactionRow[] | null;
}

interface PeopleRow {
  readonly rev: number | null;
  readonly users: readonly (readonly [id: string, name: string])[];
}

/** The columns of `message` that a {@linkcode ReactedRow} has. Only a message that something has changed can have reactions. */
export const COLUMNS = `seq, pos, id, user_id, username, text, time, reply_to, edited_at,
  CASE WHEN seq > pos THEN (
    SELECT json_agg(json_build_array(emoji, reaction.user_id) ORDER BY reaction.seq)
    FROM reaction WHERE reaction.message = message.key
  ) END AS reactions`;

const CHANGES = `
  (SELECT pos AS seq, 'chat_message' AS type, id, user_id, username, text, time, reply_to, edited_at,
    NULL::text AS emoji, NULL::boolean AS is_on
  FROM message WHERE room = $1 AND pos > $2::bigint AND text IS NOT NULL ORDER BY pos LIMIT $3::bigint)
  UNION ALL
  (SELECT change.seq, type, id, change.user_id, username, text, time, reply_to, edited_at, emoji, is_on
  FROM change JOIN message ON message.key = change.message
  WHERE change.room = $1 AND change.seq > $2::bigint ORDER BY change.seq LIMIT $3::bigint)
  ORDER BY seq LIMIT $3::bigint`;

const BEFORE = `
  SELECT ${COLUMNS} FROM message WHERE room = $1 AND pos < $2::bigint AND pos > $3::bigint
  ORDER BY pos DESC LIMIT $4::bigint`;

const AFTER = `
  SELECT ${COLUMNS} FROM message WHERE room = $1 AND pos < $2::bigint AND pos > $3::bigint
  ORDER BY pos LIMIT $4::bigint`;

// A message that nothing has changed is found by its place, so that only the others need a second index.
const CHANGED_SINCE = `
  (SELECT ${COLUMNS} FROM message WHERE room = $1 AND pos > $2::bigint AND seq = pos
  ORDER BY pos LIMIT $3::bigint)
  UNION ALL
  (SELECT ${COLUMNS} FROM message WHERE room = $1 AND seq > $2::bigint AND seq > pos
  ORDER BY seq LIMIT $3::bigint)
  ORDER BY seq LIMIT $3::bigint`;

const MESSAGE = `SELECT ${COLUMNS} FROM message WHERE room = $1 AND id = $2`;

const PEOPLE = `
  SELECT (SELECT rev FROM crowd WHERE room = $1) AS rev, coalesce((
    SELECT json_agg(json_build_array(user_id, username) ORDER BY came)
    FROM (
      SELECT DISTINCT ON (user_id) user_id, username, came FROM present WHERE room = $1
    ) someone
  ), '[]') AS users`;

/** All of a room in one statement, and so at one moment. */
const SNAPSHOT = `
  SELECT people.*,
    (SELECT value FROM meta WHERE key = 'epoch') AS epoch,
    (SELECT seq FROM room WHERE room = $1) AS seq,
    coalesce((
      SELECT json_agg(newest ORDER BY pos)
      FROM (SELECT ${COLUMNS} FROM message WHERE room = $1 ORDER BY pos DESC LIMIT $2::bigint) newest
    ), '[]') AS messages
  FROM (${PEOPLE}) people`;

/** Reads the logs of rooms, and who is in them. */
export class PostgresHistory {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** The changes above `after`, in order; of a message that was deleted only its deletion. */
  async changes(room: string, after: number, limit: number): Promise<readonly Change[]> {
    const rows = await this.#client.rows<ChangeRow>(CHANGES, [room, after, limit]);
    return rows.map((row) => toChange(room, row));
  }

  /** A page of messages, oldest first. */
  async page(room: string, query: PageQuery): Promise<readonly Message[]> {
    const { before = Number.MAX_SAFE_INTEGER, after = 0, limit } = query;
    const forward = isForward(query);
    const rows = await this.#client.rows<ReactedRow>(
      forward ? AFTER : BEFORE,
      [room, before, after, limit],
    );
    return (forward ? rows : rows.toReversed()).map((row) => toMessage(room, row, row.reactions));
  }

  /** The messages whose version is above `seq`, by version. */
  async changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    const rows = await this.#client.rows<ReactedRow>(CHANGED_SINCE, [room, seq, limit]);
    return rows.map((row) => toMessage(room, row, row.reactions));
  }

  /** One message. */
  async message(room: string, id: string): Promise<Message | undefined> {
    const row = await this.#client.row<ReactedRow>(MESSAGE, [room, escapeText(id)]);
    return row && toMessage(room, row, row.reactions);
  }

  /** A room as it stands. */
  async snapshot(room: string, limit: number): Promise<Snapshot> {
    const row = await this.#client.row<
      PeopleRow & { epoch: string; seq: number | null; messages: readonly ReactedRow[] }
    >(SNAPSHOT, [room, limit]);
    const { epoch, seq, messages } = row!;
    return {
      epoch,
      seq: seq ?? 0,
      messages: messages.map((message) => toMessage(room, message, message.reactions)),
      people: toPeople(row!),
    };
  }

  /** Everyone in a room, in the order in which they came. */
  async people(room: string): Promise<People> {
    const row = await this.#client.row<PeopleRow>(PEOPLE, [room]);
    return toPeople(row!);
  }
}

function toPeople({ rev, users }: PeopleRow): People {
  return { rev: rev ?? 0, users: users.map(([id, name]) => ({ id, name: unescapeText(name) })) };
}
