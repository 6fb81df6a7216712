import { mentions } from "../model/mentions.ts";
import type { User } from "../model/user.ts";
import { type NewestRow, READ_CHARS, toNewest } from "./newest.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { unescapeText } from "./safe_text.ts";
import { MAX_UNREAD, type Standing } from "./store.ts";

interface Row {
  readonly room: string;
  readonly user_id: string;
  readonly seq: number;
  readonly read: number;
  readonly unread: number;
  /** Those of the unread texts that may name somebody. */
  readonly texts: readonly string[] | null;
  readonly newest: NewestRow | null;
}

const COLUMNS = `standing.room, standing.user_id, coalesce(room.seq, 0) AS seq, standing.read,
  news.unread, news.texts, ${newestOf("standing.room")} AS newest`;

/** The newest message of a room that is not deleted, as an object; `room` is an expression. */
export function newestOf(room: string): string {
  return `(
    SELECT json_build_object(
      'user_id', user_id, 'username', username, 'text', left(text, ${READ_CHARS}), 'time', time
    )
    FROM message WHERE message.room = ${room} AND text IS NOT NULL ORDER BY pos DESC LIMIT 1
  )`;
}

const NEWS = `
  LEFT JOIN room ON room.room = standing.room
  CROSS JOIN LATERAL (
    SELECT count(*) AS unread, json_agg(text) FILTER (WHERE strpos(text, '@') > 0) AS texts
    FROM (
      SELECT text FROM message
      WHERE message.room = standing.room AND pos > standing.read
      AND message.user_id <> standing.user_id AND text IS NOT NULL
      ORDER BY pos LIMIT ${MAX_UNREAD}
    ) unread
  ) news`;

const OF_USER = `
  SELECT ${COLUMNS} FROM standing ${NEWS} WHERE standing.user_id = $1 ORDER BY standing.room`;

const IN_ROOM = `
  SELECT ${COLUMNS}
  FROM json_array_elements_text($2::text::json) WITH ORDINALITY asked(user_id, place)
  JOIN standing ON standing.user_id = asked.user_id AND standing.room = $1 ${NEWS}
  ORDER BY asked.place`;

/** How far people have read in each of their rooms. */
export class PostgresStandings {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** How far a person has come in each of their rooms, by name. */
  async standings(user: User): Promise<readonly Standing[]> {
    const rows = await this.#client.rows<Row>(OF_USER, [user.id]);
    return rows.map((row) => toStanding(row, user));
  }

  /** How far some people have come in one room; without those whose room it is not. */
  async standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]> {
    if (users.length === 0) return [];
    const byId = new Map(users.map((user) => [user.id, user]));
    const ids = JSON.stringify(users.map(({ id }) => id));
    const rows = await this.#client.rows<Row>(IN_ROOM, [room, ids]);
    return rows.map((row) => toStanding(row, byId.get(row.user_id)!));
  }
}

function toStanding(row: Row, { name }: User): Standing {
  const { room, user_id, seq, read, unread, texts, newest } = row;
  const named = (texts ?? []).filter((text) => mentions(unescapeText(text), name));
  return {
    room,
    userId: user_id,
    seq,
    read,
    unread,
    mentions: named.length,
    ...(newest && { newest: toNewest(newest) }),
  };
}
