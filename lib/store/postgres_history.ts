import type { Change } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { escapeText, unescapeText } from "./safe_text.ts";
import { isForward, type PageQuery, type People, type Snapshot } from "./store.ts";

/** A row of `message` with {@linkcode COLUMNS}. */
export interface MessageRow {
  /** Its version. */
  readonly seq: number;
  /** Its place. */
  readonly pos: number;
  /** Its id. */
  readonly id: string;
  /** The author's id. */
  readonly user_id: string;
  /** The author's name. */
  readonly username: string;
  /** NULL in a tombstone. */
  readonly text: string | null;
  /** When it was sent. */
  readonly time: number;
  /** What it answers. */
  readonly reply_to: string | null;
  /** When it was edited. */
  readonly edited_at: number | null;
  /** In the order in which they were put on. */
  readonly reactions: readonly (readonly [emoji: string, userId: string])[] | null;
}

interface ChangeRow {
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
  readonly is_on: boolean;
}

interface PeopleRow {
  readonly rev: number | null;
  readonly users: readonly (readonly [id: string, name: string])[];
}

/** The columns of `message` that {@linkcode toMessage} needs. Only a message that something has changed can have reactions. */
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
    const rows = await this.#client.rows<MessageRow>(
      forward ? AFTER : BEFORE,
      [room, before, after, limit],
    );
    return (forward ? rows : rows.toReversed()).map((row) => toMessage(room, row));
  }

  /** The messages whose version is above `seq`, by version. */
  async changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    const rows = await this.#client.rows<MessageRow>(CHANGED_SINCE, [room, seq, limit]);
    return rows.map((row) => toMessage(room, row));
  }

  /** One message. */
  async message(room: string, id: string): Promise<Message | undefined> {
    const row = await this.#client.row<MessageRow>(MESSAGE, [room, escapeText(id)]);
    return row && toMessage(room, row);
  }

  /** A room as it stands. */
  async snapshot(room: string, limit: number): Promise<Snapshot> {
    const row = await this.#client.row<
      PeopleRow & { epoch: string; seq: number | null; messages: readonly MessageRow[] }
    >(SNAPSHOT, [room, limit]);
    const { epoch, seq, messages } = row!;
    return {
      epoch,
      seq: seq ?? 0,
      messages: messages.map((message) => toMessage(room, message)),
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

/** Makes a message of a row. */
export function toMessage(room: string, row: MessageRow): Message {
  return {
    room,
    seq: row.seq,
    pos: row.pos,
    id: unescapeText(row.id),
    user_id: row.user_id,
    username: unescapeText(row.username),
    ...(row.text === null ? { deleted: true } : { text: unescapeText(row.text) }),
    time: row.time,
    ...(row.reply_to !== null && { reply_to: unescapeText(row.reply_to) }),
    ...(row.edited_at !== null && { edited_at: row.edited_at }),
    ...(row.reactions !== null && { reactions: byEmoji(row.reactions) }),
  };
}

function byEmoji(reactions: NonNullable<MessageRow["reactions"]>): Message["reactions"] {
  const users = new Map<string, string[]>();
  for (const [emoji, userId] of reactions) {
    const reacted = users.get(emoji);
    if (reacted) reacted.push(userId);
    else users.set(emoji, [userId]);
  }
  return Object.fromEntries(Array.from(users, ([emoji, ids]) => [unescapeText(emoji), ids]));
}

function toChange(room: string, row: ChangeRow): Change {
  const { seq, type } = row;
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
    case "reaction": {
      const emoji = unescapeText(row.emoji);
      return { type, room, seq, id, emoji, user_id: row.user_id, on: row.is_on };
    }
  }
}
