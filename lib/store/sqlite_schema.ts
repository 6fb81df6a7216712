import type { DatabaseSync } from "node:sqlite";
import { GENERAL } from "../model/names.ts";
import { SqliteConnection } from "./sqlite_connection.ts";
import { fileIdentity, makeFile } from "./sqlite_file.ts";

/** How far a commit waits for the disk: `full` survives a power cut, `normal` may lose its last instant. */
export type SqliteSync = "full" | "normal";

/** "Prly": tells a database of ours from that of another program. */
const APPLICATION_ID = 0x50726c79;

/** As many as HMAC-SHA-256 gives out (RFC 2104, section 3). */
const SECRET_BYTES = 32;

/** How long a transaction waits for another process that writes to the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/** The steps that make the schema. A database that has the first `user_version` of them gets the rest. */
const MIGRATIONS = [
  `
  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE room (
    room TEXT PRIMARY KEY,
    seq INTEGER NOT NULL DEFAULT 0,   -- of the latest change
    rev INTEGER NOT NULL DEFAULT 0,   -- of the latest move
    time INTEGER NOT NULL DEFAULT 0,  -- of the newest message
    messages INTEGER NOT NULL DEFAULT 0 -- how many there are, tombstones too
  ) STRICT, WITHOUT ROWID;
  INSERT INTO room (room) VALUES ('${GENERAL}');

  CREATE TABLE message (
    key INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    pos INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    text TEXT,                        -- NULL in a tombstone
    time INTEGER NOT NULL,
    reply_to TEXT,
    edited_at INTEGER,
    nonce TEXT
  ) STRICT;
  CREATE UNIQUE INDEX message_by_pos ON message (room, pos);
  CREATE UNIQUE INDEX message_by_id ON message (id, room);
  -- The nonce comes first: those that begin with a time or a count are then written side by side.
  CREATE UNIQUE INDEX message_by_nonce ON message (nonce, user_id, room) WHERE nonce IS NOT NULL;
  CREATE INDEX message_by_version ON message (room, seq) WHERE seq > pos;

  CREATE TABLE change (               -- every entry of a log that is not a new message
    room TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    message INTEGER NOT NULL,
    emoji TEXT,
    user_id TEXT,
    is_on INTEGER,
    PRIMARY KEY (room, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX change_by_message ON change (message);

  CREATE TABLE reaction (             -- those that stand
    message INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    user_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (message, emoji, user_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE instance (
    instance TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    beaten INTEGER NOT NULL           -- whether it knows of this lease
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE name (
    key TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    keep_ms INTEGER NOT NULL,
    expires_at INTEGER                -- NULL while its holder is connected
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX name_by_expiry ON name (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE online (               -- who is connected at which instance
    instance TEXT NOT NULL,
    user_id TEXT NOT NULL,
    taken INTEGER NOT NULL,           -- taken over elsewhere, and the instance not yet told
    PRIMARY KEY (instance, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX online_by_user ON online (user_id);

  CREATE TABLE standing (             -- a person's rooms, and how far they have read
    user_id TEXT NOT NULL,
    room TEXT NOT NULL,
    read INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,       -- the last time
    PRIMARY KEY (user_id, room)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX standing_by_time ON standing (joined_at);

  CREATE TABLE present (              -- who is in which room at which instance
    room TEXT NOT NULL,
    user_id TEXT NOT NULL,
    instance TEXT NOT NULL,
    username TEXT NOT NULL,
    came INTEGER NOT NULL,            -- the rev with which the person came, the same at all instances
    PRIMARY KEY (room, user_id, instance)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX present_by_instance ON present (instance);
  `,
  // Texts are indexed later, by SqliteIndex: those of messages up to the mark are in the index.
  `
  INSERT INTO meta (key, value) VALUES ('indexed', 0);

  -- Vowel signs and points are parts of a word. A word that is removed is removed from the pages too.
  CREATE VIRTUAL TABLE word USING fts5 (
    text,
    content = message,
    content_rowid = key,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
  );
  INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
  -- Nobody who writes waits for a merge, unless there are so many pieces that a search would be slow.
  INSERT INTO word (word, rank) VALUES ('automerge', 0);
  INSERT INTO word (word, rank) VALUES ('crisismerge', 64);

  CREATE TRIGGER word_of_changed AFTER UPDATE OF text ON message
  WHEN old.key <= (SELECT value FROM meta WHERE key = 'indexed')
  BEGIN
    INSERT INTO word (word, rowid, text) VALUES ('delete', old.key, old.text);
    INSERT INTO word (rowid, text) VALUES (new.key, new.text);
  END;

  CREATE TRIGGER word_of_removed AFTER DELETE ON message
  WHEN old.key <= (SELECT value FROM meta WHERE key = 'indexed')
  BEGIN
    INSERT INTO word (word, rowid, text) VALUES ('delete', old.key, old.text);
    -- The key of the last one is given out again.
    UPDATE meta
    SET value = (SELECT coalesce(max(key), 0) FROM message WHERE key < old.key)
    WHERE key = 'indexed' AND value = old.key;
  END;
  `,
  `
  ALTER TABLE name ADD COLUMN shown TEXT; -- the name as it is written; NULL if it was held before this column was there

  CREATE TABLE direct (               -- rooms of two people, in the order of their ids
    room TEXT PRIMARY KEY,
    one TEXT NOT NULL,
    one_name TEXT NOT NULL,
    other TEXT NOT NULL,
    other_name TEXT NOT NULL,
    UNIQUE (one, other)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX direct_by_other ON direct (other);
  `,
];

/**
 * Opens a database, and makes it or brings its schema up to date.
 *
 * `path` is a file, whose folder is made if it is missing, or `":memory:"`. Throws an `Error` of one sentence for the
 * person who runs the server if that cannot be done.
 */
export function openDatabase(
  path: string,
  sync: SqliteSync,
  now: () => number = Date.now,
): SqliteConnection {
  let db: SqliteConnection | undefined;
  try {
    if (path !== ":memory:") makeFile(path);
    db = new SqliteConnection(path);
    // Zeros take the place of a text that was deleted.
    db.exec(`
      PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${sync};
      PRAGMA secure_delete = ON;
    `);
    migrate(db, fileIdentity(path), now());
    return db;
  } catch (error) {
    db?.close();
    throw new Error(`Cannot open the database '${path}': ${reason(error)}`, { cause: error });
  }
}

function migrate(db: SqliteConnection, file: string, now: number): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    if (!isEmpty(db)) assertOurs(db);
    for (const step of MIGRATIONS.slice(pragma(db, "user_version"))) db.exec(step);
    db.prepare("INSERT INTO meta (key, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING")
      .run(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
    noteFile(db, file, now);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec("COMMIT");
  } catch (error) {
    db.rollBack();
    throw error;
  }
}

/** Gives the log a new epoch if the database was last opened as another file: it is a copy, and may be an older one. */
function noteFile(db: DatabaseSync, file: string, now: number): void {
  const get = db.prepare("SELECT value FROM meta WHERE key = ?");
  const before = get.get("file")?.value;
  const isCopy = before !== undefined && before !== file;
  if (isCopy || get.get("epoch") === undefined) renewEpoch(db, now);
  if (before !== file) setMeta(db, "file", file);
}

/**
 * Gives the log a new epoch: what clients hold is void, and what instances have told is to be told again.
 *
 * Their leases end now, in milliseconds since 1970: of people who left since an older state nobody knows any more but the rows.
 */
export function renewEpoch(db: DatabaseSync, now: number): void {
  setMeta(db, "epoch", crypto.randomUUID());
  db.prepare("UPDATE instance SET expires_at = min(expires_at, ?), beaten = 0").run(now);
}

/** Notes a value under a name, in place of the one before it. */
export function setMeta(db: DatabaseSync, key: string, value: string | Uint8Array): void {
  db.prepare(`
    INSERT INTO meta (key, value) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value`).run(key, value);
}

/** Throws why a database is none that this release can use, as the end of a sentence. */
export function assertOurs(db: DatabaseSync): void {
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new Error(`it ${isEmpty(db) ? "is empty" : "belongs to another program"}`);
  }
  const version = pragma(db, "user_version");
  if (version > MIGRATIONS.length) {
    throw new Error(
      `a newer release made its schema, version ${version}, and this one knows versions up to ${MIGRATIONS.length}`,
    );
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
