import type { DatabaseSync, StatementSync } from "node:sqlite";

/** How many messages one step indexes: 1.5 ms of work at the median (measured on 2 cores, 1,000,000 messages). */
const MESSAGES_A_STEP = 500;
/** How many pages of the index one step merges: 1 ms of work. Left to itself FTS5 merges for a quarter of a second at times. */
const PAGES_A_STEP = 16;

/**
 * Puts texts into the index that searches look in, some time after they were written: who writes does not wait for it.
 *
 * Messages up to a mark are indexed. Those that are changed or removed later are so in the index too, by triggers of the schema.
 */
export class SqliteIndex {
  readonly #behind: StatementSync;
  readonly #last: StatementSync;
  readonly #insert: StatementSync;
  readonly #setMark: StatementSync;
  readonly #merge: StatementSync;
  readonly #changed: StatementSync;

  /** `db` has the schema of {@linkcode openDatabase}. */
  constructor(db: DatabaseSync) {
    const mark = "(SELECT value FROM meta WHERE key = 'indexed')";
    this.#behind = db.prepare(`SELECT 1 FROM message WHERE key > ${mark} LIMIT 1`);
    this.#last = db.prepare(`
      SELECT max(key) AS key FROM (
        SELECT key FROM message WHERE key > ${mark} ORDER BY key LIMIT ${MESSAGES_A_STEP}
      )`);
    this.#insert = db.prepare(`
      INSERT INTO word (rowid, text)
      SELECT key, text FROM message WHERE key > ${mark} AND key <= ?`);
    this.#setMark = db.prepare("UPDATE meta SET value = ? WHERE key = 'indexed'");
    this.#merge = db.prepare(
      `INSERT INTO word (word, rank) VALUES ('merge', ${PAGES_A_STEP})`,
    );
    this.#changed = db.prepare("SELECT total_changes() AS count");
  }

  /** Whether there are messages that a search does not find yet. */
  get isBehind(): boolean {
    return this.#behind.get() !== undefined;
  }

  /** Indexes the next messages, inside a transaction that writes; answers whether there is more to do. */
  step(): boolean {
    const last = this.#last.get()!.key as number | null;
    if (last !== null) {
      this.#insert.run(last);
      this.#setMark.run(last);
    }
    return this.#mergeSome() || this.isBehind;
  }

  /** Answers whether there was something to merge (https://sqlite.org/fts5.html#the_merge_command). */
  #mergeSome(): boolean {
    const before = this.#changed.get()!.count as number;
    this.#merge.run();
    return this.#changed.get()!.count as number - before >= 2;
  }
}
