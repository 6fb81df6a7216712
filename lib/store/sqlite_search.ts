import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Message } from "../model/message.ts";
import { nameKey } from "../model/names.ts";
import type { Term } from "../model/search_terms.ts";
import { unescapeText } from "./safe_text.ts";
import { COLUMNS, SqliteMessages } from "./sqlite_messages.ts";
import { MAX_RANKED, type SearchQuery } from "./store.ts";

/** How long a search may take, in milliseconds: as long as a statement in PostgreSQL. */
const MAX_MS = 3_000;

/** Finds messages by the words of their texts, among those that are indexed. It only reads. */
export class SqliteSearch {
  readonly #messages: SqliteMessages;
  readonly #best: StatementSync;
  readonly #newest: StatementSync;
  readonly #now: () => number;
  #lateAt = Infinity;
  #isLate = false;

  /** `db` has the schema of {@linkcode openDatabase}. `now` is in milliseconds and never goes back. */
  constructor(db: DatabaseSync, now: () => number = () => performance.now()) {
    this.#now = now;
    db.function("name_key", { deterministic: true }, (name) => nameKey(unescapeText(String(name))));
    // It must not throw: Deno 2.9.6 would never come back from it.
    db.function("in_time", () => {
      this.#isLate ||= now() >= this.#lateAt;
      return this.#isLate ? 0 : 1;
    });
    this.#messages = new SqliteMessages(db);
    this.#best = db.prepare(statement("bm25(word)"));
    this.#newest = db.prepare(statement("0"));
  }

  /** The messages in which a text is found. */
  search(query: SearchQuery): Message[] {
    const { terms, room, directs, author, since, until, newest, offset, limit } = query;
    this.#lateAt = this.#now() + MAX_MS;
    this.#isLate = false;
    const rows = (newest ? this.#newest : this.#best).all({
      match: toMatch(terms),
      room: room ?? null,
      directs: JSON.stringify(directs),
      author: author === undefined ? null : nameKey(author),
      since: since ?? 0,
      until: until ?? Number.MAX_SAFE_INTEGER,
      matches: newest ? offset + limit : MAX_RANKED,
      offset,
      limit,
    });
    if (this.#isLate) throw tooLate();
    return this.#messages.from(rows);
  }
}

/** From the newest match on, until there are enough: what is looked at is bounded by a number and, at each match, by time. */
function statement(rank: string): string {
  return `
    SELECT ${COLUMNS} FROM (
      SELECT m.key AS match, ${rank} AS rank
      FROM word CROSS JOIN message m ON m.key = word.rowid
      WHERE word MATCH :match AND in_time()
        AND CASE
          WHEN :room IS NOT NULL THEN m.room = :room
          ELSE substr(m.room, 1, 1) <> '~' OR m.room IN (SELECT value FROM json_each(:directs))
        END
        AND m.time >= :since AND m.time < :until
        AND (:author IS NULL OR name_key(m.username) = :author)
      ORDER BY word.rowid DESC LIMIT :matches
    ) JOIN message ON key = match
    ORDER BY rank, key DESC LIMIT :limit OFFSET :offset`;
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
