import { PostgresServer } from "../../tests/helpers/postgres_server.ts";
import { RedisServer } from "../../tests/helpers/redis_server.ts";

/** An engine that runs, with an empty database. */
export interface RunningEngine extends AsyncDisposable {
  /** What `PARLEY_STORE` is set to. */
  readonly store: string;
  /** Its first process: all others are its children. */
  readonly pid: number;
  /** Its release, and how durable it is. */
  readonly version: string;
  /** What it keeps by now, in bytes: PostgreSQL on its disk, beside its log, and Redis in its memory. */
  keptBytes(): Promise<number>;
}

/** An engine that joins instances on several machines. */
export interface Engine {
  readonly name: "PostgreSQL" | "Redis";
  /** Starts one for itself, so that an instance acknowledges nothing that a power cut would take. */
  start(): Promise<RunningEngine>;
}

/** The engines, in the order in which they are shown. */
export const ENGINES: readonly Engine[] = [
  { name: "PostgreSQL", start: startPostgres },
  { name: "Redis", start: startRedis },
];

async function startPostgres(): Promise<RunningEngine> {
  const server = await PostgresServer.start({ durable: true });
  const [version] = (await server.query("SHOW server_version")).split(" ");
  const child = await server.query(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
  );
  const database = await server.createDatabase();
  return {
    store: server.url(database),
    pid: parentOf(child.trim()),
    version: `PostgreSQL ${version} (fsync on, synchronous_commit on)`,
    keptBytes: async () => Number(await server.query(`SELECT pg_database_size('${database}')`)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startRedis(): Promise<RunningEngine> {
  const server = await RedisServer.start({ durable: true });
  const info = await server.query(["INFO", "server"]);
  const read = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "";
  return {
    store: server.url(),
    pid: Number(read("process_id")),
    version: `Redis ${read("redis_version")} (appendonly yes, appendfsync always)`,
    keptBytes: async () =>
      Number(/^used_memory:(\d+)/m.exec(await server.query(["INFO", "memory"]))![1]),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]);
}
