import { GENERAL } from "../model/names.ts";
import type { Ask, PostgresClient } from "./postgres_client.ts";
import { DIRECT_TABLES } from "./postgres_directs.ts";
import { isSchemaGone } from "./postgres_errors.ts";
import { lock } from "./postgres_locks.ts";
import { LOG_FUNCTIONS } from "./postgres_log.ts";
import { NAME_FUNCTIONS } from "./postgres_names.ts";
import { SCHEMA } from "./postgres_options.ts";
import { PEOPLE_FUNCTIONS } from "./postgres_people.ts";
import { PRESENCE_FUNCTIONS } from "./postgres_presence.ts";
import { PRUNE_FUNCTION } from "./postgres_retention.ts";
import { SEARCH_FUNCTIONS } from "./postgres_search.ts";
import { SERVER_FUNCTIONS } from "./postgres_server.ts";

/** As many as HMAC-SHA-256 gives out (RFC 2104, section 3). */
const SECRET_BYTES = 32;

const TABLES = `
  CREATE TABLE meta (
    key text PRIMARY KEY,
    value text NOT NULL
  );

  -- Rows that are written again and again are written into the room that is left beside them.
  CREATE TABLE room (
    room text COLLATE "C" PRIMARY KEY,
    seq bigint NOT NULL DEFAULT 0,      -- of the latest change
    time bigint NOT NULL DEFAULT 0,     -- of the newest message
    messages bigint NOT NULL DEFAULT 0  -- how many there are, tombstones too
  ) WITH (fillfactor = 50);
  INSERT INTO room (room) VALUES ('${GENERAL}');

  -- Apart from the log, so that who comes and goes waits for nobody who writes.
  CREATE TABLE crowd (
    room text COLLATE "C" PRIMARY KEY,
    rev bigint NOT NULL                 -- of the latest move
  ) WITH (fillfactor = 50);

  -- What a deleted text leaves in pages goes with the next vacuum, which is not to wait for a fifth of the table.
  CREATE TABLE message (
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room text COLLATE "C" NOT NULL,
    pos bigint NOT NULL,
    seq bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    username text NOT NULL,
    text text,                          -- NULL in a tombstone
    time bigint NOT NULL,
    reply_to text,
    edited_at bigint,
    nonce text COLLATE "C",
    -- What a search will look in. The first 50,000 characters: a tsvector ends at 1 MiB.
    tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(text, 50000))) STORED
  ) WITH (autovacuum_vacuum_scale_factor = 0.01);
  CREATE UNIQUE INDEX message_by_pos ON message (room, pos);
  CREATE UNIQUE INDEX message_by_id ON message (id, room);
  CREATE UNIQUE INDEX message_by_nonce ON message (nonce, user_id, room) WHERE nonce IS NOT NULL;
  CREATE INDEX message_by_version ON message (room, seq) WHERE seq > pos;
  CREATE INDEX message_by_word ON message USING gin (tsv);

  CREATE TABLE change (                 -- every entry of a log that is not a new message
    room text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    message bigint NOT NULL,
    emoji text,
    user_id text COLLATE "C",
    is_on boolean,
    PRIMARY KEY (room, seq)
  );
  CREATE INDEX change_by_message ON change (message);

  CREATE TABLE reaction (               -- those that stand
    message bigint NOT NULL,
    emoji text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (message, emoji, user_id)
  );

  CREATE TABLE instance (
    instance text COLLATE "C" PRIMARY KEY,
    expires_at bigint NOT NULL,
    beaten boolean NOT NULL             -- whether it knows of this lease
  ) WITH (fillfactor = 50);

  CREATE TABLE name (
    key text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL UNIQUE,
    keep_ms bigint NOT NULL,
    expires_at bigint                   -- NULL while its holder is connected
  );
  CREATE INDEX name_by_expiry ON name (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE online (                 -- who is connected at which instance
    instance text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    taken boolean NOT NULL,             -- taken over elsewhere, and the instance not yet told
    PRIMARY KEY (instance, user_id)
  );
  CREATE INDEX online_by_user ON online (user_id);

  CREATE TABLE standing (               -- a person's rooms, and how far they have read
    user_id text COLLATE "C" NOT NULL,
    room text COLLATE "C" NOT NULL,
    read bigint NOT NULL,
    joined_at bigint NOT NULL,          -- the last time
    PRIMARY KEY (user_id, room)
  );
  CREATE INDEX standing_by_time ON standing (joined_at);

  CREATE TABLE present (                -- who is in which room at which instance
    room text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    instance text COLLATE "C" NOT NULL,
    username text NOT NULL,
    came bigint NOT NULL,               -- the rev with which the person came, the same at all instances
    PRIMARY KEY (room, user_id, instance)
  );
  CREATE INDEX present_by_instance ON present (instance);`;

/** The time that leases and names go by, which is the same for all instances. */
const CLOCK = `
  CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';`;

/**
 * The steps that make the schema. A database that has the first of them gets the rest.
 *
 * The release before works on while a new one is rolled out: a step only adds, and never changes a function; where a release needs
 * another one, it makes it under another name.
 */
export const MIGRATIONS: readonly string[] = [
  [
    TABLES,
    CLOCK,
    SERVER_FUNCTIONS,
    LOG_FUNCTIONS,
    NAME_FUNCTIONS,
    PRESENCE_FUNCTIONS,
    PEOPLE_FUNCTIONS,
    PRUNE_FUNCTION,
  ].join("\n"),
  SEARCH_FUNCTIONS,
  DIRECT_TABLES,
];

/** The number of steps that a release must know to work with this schema. To be raised by a step that takes something away. */
const NEEDED = 1;

/** A newer release made a schema that this one cannot work with. The message is the end of a sentence. */
export class SchemaError extends Error {
  /** The name of this class. */
  override readonly name = "SchemaError";
}

/**
 * Makes the schema in a database, or brings it up to date, whoever else does so at once.
 *
 * Rejects with what the driver does, or with a {@linkcode SchemaError}.
 */
export async function migrate(
  client: PostgresClient,
  migrations: readonly string[] = MIGRATIONS,
  needed = NEEDED,
): Promise<void> {
  // Nearly all who come find it made: one question is to be enough for them, and none is to wait for another.
  const found = await readVersion(client.ask, migrations.length).catch((error) => {
    if (!isSchemaGone(error)) throw error;
    return 0;
  });
  if (found >= migrations.length) return;
  await client.transact(async (ask) => {
    await ask(`SELECT ${lock("schema")}`);
    const [meta] = await ask(`SELECT to_regclass('${SCHEMA}.meta') IS NOT NULL AS is_there`);
    const version = meta?.is_there ? await readVersion(ask, migrations.length) : 0;
    if (version >= migrations.length) return;
    // Who may not make a schema may have been given one.
    const [space] = await ask(`SELECT to_regnamespace('${SCHEMA}') IS NOT NULL AS is_there`);
    if (!space?.is_there) await ask(`CREATE SCHEMA ${SCHEMA}`);
    for (const step of migrations.slice(version)) await ask(step);
    await ask(`
      INSERT INTO meta (key, value) VALUES
        ('version', '${migrations.length}'), ('needed', '${needed}'),
        ('epoch', gen_random_uuid()), ('secret', '${newSecret()}')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value
      WHERE meta.key IN ('version', 'needed')`);
  });
}

/** How many steps were done. Rejects with a {@linkcode SchemaError} if more than `known` must be known. */
async function readVersion(ask: Ask, known: number): Promise<number> {
  const rows = await ask("SELECT key, value FROM meta WHERE key IN ('version', 'needed')");
  const values = rows.map(({ key, value }) => [key, Number(value)]);
  const { version = 0, needed = 0 } = Object.fromEntries(values);
  if (needed > known) {
    throw new SchemaError(
      `a newer release made its schema, version ${version}, and this one knows versions up to ${known}`,
    );
  }
  return version;
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
}
