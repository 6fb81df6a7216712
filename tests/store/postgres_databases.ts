import postgres from "postgres";
import { openPostgres } from "../../lib/store/postgres.ts";
import type { EngineServer } from "../helpers/engine_server.ts";
import type { TestDatabase } from "./contract.ts";

/** The connections that each handle of a test may hold. */
const CONNECTIONS = 4;

/** Does a statement in a database, beside whatever is tested: its rows. */
export async function ask(url: string, statement: string): Promise<readonly postgres.Row[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return [...await sql.unsafe(statement)];
  } finally {
    await sql.end();
  }
}

/** Does statements at the server, each in a transaction of its own. */
export async function administer(server: EngineServer, ...statements: string[]): Promise<void> {
  for (const statement of statements) await ask(server.url(), statement);
}

/** Makes a database empty again, with another epoch: that is sooner done than to make another database. */
const CLEAR = `
  SET search_path = parley;
  DELETE FROM room; DELETE FROM crowd; DELETE FROM message; DELETE FROM change; DELETE FROM reaction;
  DELETE FROM instance; DELETE FROM name; DELETE FROM online; DELETE FROM present;
  DELETE FROM direct; TRUNCATE standing; -- from which no direct room can be deleted
  INSERT INTO room (room) VALUES ('general');
  UPDATE meta SET value = gen_random_uuid() WHERE key = 'epoch'`;

/** Databases that no test uses now. */
const spare = new WeakMap<EngineServer, string[]>();

/** An empty database that a test has to itself. */
export async function makeDatabase(server: EngineServer): Promise<TestDatabase & { url: string }> {
  const spares = spare.get(server) ?? [];
  spare.set(server, spares);
  const name = spares.pop() ?? await server.createDatabase();
  const url = server.url(name);
  return {
    url,
    open: () => openPostgres(url, { connections: CONNECTIONS }),
    async keep() {
      await administer(server, `CREATE DATABASE ${name}_kept TEMPLATE ${name}`);
      return () =>
        administer(
          server,
          `DROP DATABASE ${name}`,
          `ALTER DATABASE ${name}_kept RENAME TO ${name}`,
        );
    },
    async [Symbol.asyncDispose]() {
      await ask(url, CLEAR);
      spares.push(name);
    },
  };
}
