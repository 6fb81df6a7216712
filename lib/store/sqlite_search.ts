import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Message } from "../model/message.ts";
import { nameKey } from "../model/names.ts";
import type { Term } from "../model/search_terms.ts";
import { unescapeText } from "./safe_text.ts";
import { COLUMNS, SqliteMessages } from "./sqlite_messages.ts";
import { MAX_RANKED, type SearchQuery } from "./store.ts";

/** How long a search may take, in milliseconds: as long as a statement in PostgreSQL. */
const MAX_MS = 3_000;
/** The most matches that are looked at between two looks at the clock. */
const MAX_PAGE = 16_384;

/** A text in which the words are. */
interface Match {
  readonly key: number;
  /** Lower is better. */
  readonly rank: number;
  /** Who said it, if it is where and when somebody looks. */
  readonly username: string | null;
}

/** Finds messages by the words of their texts, among those that are indexed. It only reads. */
export class SqliteSearch {
  readonly #messages: SqliteMessages;
  readonly #ranked: StatementSync;
  readonly #unranked: StatementSync;
  readonly #byKeys: StatementSync;
  readonly #now: () => number;

  /** `db` has the schema of {@linkcode openDatabase}. `now` is in milliseconds and never goes back. */
  constructor(db: DatabaseSync, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#messages = new SqliteMessages(db);
    this.#ranked = db.prepare(matches("bm25(word)"));
    this.#unranked = db.prepare(matches("0"));
    this.#byKeys = db.prepare(`
      SELECT ${COLUMNS}
      FROM (SELECT key AS place, value AS match FROM json_each(?)) JOIN message ON key = match
      ORDER BY place`);
  }

  /** The messages in which a text is found. */
  search(query: SearchQuery): Message[] {
    const { offset, limit } = query;
    const keys = this.#find(query)
      .sort((a, b) => a.rank - b.rank || b.key - a.key)
      .slice(offset, offset + limit)
      .map(({ key }) => key);
    return this.#messages.from(this.#byKeys.all(JSON.stringify(keys)));
  }

  /** From the newest match on, until there are enough: what is looked at is bounded by a number and, page by page, by time. */
  #find(query: SearchQuery): Match[] {
    const { terms, room, directs, author, since, until, newest, offset, limit } = query;
    const lateAt = this.#now() + MAX_MS;
    const enough = newest ? offset + limit : MAX_RANKED;
    const authorKey = author === undefined ? undefined : nameKey(author);
    const bounds = {
      match: toMatch(terms),
      room: room ?? null,
      directs: JSON.stringify(directs),
      since: since ?? 0,
      until: until ?? Number.MAX_SAFE_INTEGER,
    };
    const found: Match[] = [];
    const statement = newest ? this.#unranked : this.#ranked;
    // Each page looks the words up anew: pages that grow make few of them.
    for (
      let before = Number.MAX_SAFE_INTEGER, size = enough;;
      size = Math.min(2 * size, MAX_PAGE)
    ) {
      const page = statement.all({ ...bounds, before, size }) as unknown[] as Match[];
      if (this.#now() >= lateAt) throw tooLate();
      found.push(...page.filter(({ username }) => isBy(authorKey, username)));
      if (found.length >= enough) return found.slice(0, enough);
      if (page.length < size) return found;
      before = page.at(-1)!.key;
    }
  }
}

/** Whether a match is where and when somebody looks, and by whom they look for. */
function isBy(authorKey: string | undefined, username: string | null): boolean {
  if (username === null) return false;
  return authorKey === undefined || nameKey(unescapeText(username)) === authorKey;
}

/** Whether a message is where and when somebody looks. */
const FITS = `m.time >= :since AND m.time < :until AND CASE
  WHEN :room IS NOT NULL THEN m.room = :room
  ELSE substr(m.room, 1, 1) <> '~' OR m.room IN (SELECT value FROM json_each(:directs))
END`;

/** The newest match first. Those that are not where and when somebody looks come too, without more than their key. */
function matches(rank: string): string {
  return `
    SELECT m.key, CASE WHEN ${FITS} THEN ${rank} END AS rank, CASE WHEN ${FITS} THEN m.username END AS username
    FROM word CROSS JOIN message m ON m.key = word.rowid
    WHERE word MATCH :match AND word.rowid < :before
    ORDER BY word.rowid DESC LIMIT :size`;
}

/**
 * As FTS5 reads it (https://sqlite.org/fts5.html#full_text_query_syntax): what stands between quotes is split as texts are, and holds
 * no operator.
 */
function toMatch(terms: readonly Term[]): string {
  return terms.map(({ words, prefix }) => {
    const phrase = `"${words.join(" ").replaceAll('"', '""')}"`;
    return prefix ? `${phrase} *` : phrase;
  }).join(" AND ");
}

/** As `node:sqlite` throws what the engine cannot do. */
function tooLate(): Error {
  const error = new Error(`The search took more than ${MAX_MS} ms`);
  return Object.assign(error, { code: "ERR_SQLITE_ERROR" });
}
