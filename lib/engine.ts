import { resolve } from "node:path";
import type { Config } from "./config.ts";
import { openBroadcastChannel } from "./link/broadcast_channel.ts";
import type { OpenLink } from "./link/link.ts";
import { openKvLink } from "./link/kv.ts";
import { openPostgresLink } from "./link/postgres.ts";
import { openRedisLink } from "./link/redis.ts";
import { createLogger, type Logger } from "./log.ts";
import { openKv } from "./store/kv.ts";
import { parseKvAddress } from "./store/kv_address.ts";
import { openPostgres } from "./store/postgres.ts";
import { type OnWait, whenReachable } from "./store/reachable.ts";
import { openRedis } from "./store/redis.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { Store } from "./store/store.ts";

/** A store, and what joins the instances that share it. */
export interface Engine {
  /** The truth that its instances share. */
  readonly store: Store;
  /** Joins this instance to the others. */
  readonly openLink: OpenLink;
}

/** What {@linkcode openEngine} may be given beside the settings. */
export interface EngineOptions {
  /** Hears that an engine cannot be reached. */
  readonly log?: Logger;
  /** Where the process's SQLite Worker listens, if another isolate started it. */
  readonly storePort?: MessagePort;
}

/**
 * Opens what `PARLEY_STORE` names.
 *
 * As long as an engine on another machine cannot be reached it tries again, and says so. Throws an error of one sentence for the
 * person who runs the server.
 */
export async function openEngine(
  config: Config,
  instance: string,
  options: EngineOptions = {},
): Promise<Engine> {
  const scheme = config.store.split(":")[0];
  switch (scheme) {
    case "sqlite":
    case "memory":
      return await openSqliteEngine(config, instance, options);
    case "postgres":
    case "postgresql":
      return await openPostgresEngine(config, instance, options);
    case "redis":
    case "rediss":
      return await openRedisEngine(config, instance, options);
    case "kv":
      return await openKvEngine(config, instance, options);
    default:
      throw new TypeError(`Cannot open a store of the scheme "${scheme}"`);
  }
}

async function openPostgresEngine(
  config: Config,
  instance: string,
  options: EngineOptions,
): Promise<Engine> {
  const { store: address, postgresConnections: connections } = config;
  const store = await whenReachable(
    () => openPostgres(address, { connections }),
    warnOfWait(config, instance, options),
  );
  return {
    store,
    openLink: (receive, onRejoined) => openPostgresLink(address, instance, receive, onRejoined),
  };
}

async function openRedisEngine(
  config: Config,
  instance: string,
  options: EngineOptions,
): Promise<Engine> {
  const { log = createLogger(config.log, { fields: { instance } }) } = options;
  const redis = { prefix: config.redisPrefix, instance, log };
  const onWait = warnOfWait(config, instance, options);
  return {
    store: await whenReachable(() => openRedis(config.store, redis), onWait),
    openLink: (receive, onRejoined) =>
      whenReachable(() => openRedisLink(config.store, redis, receive, onRejoined), onWait),
  };
}

async function openKvEngine(
  config: Config,
  instance: string,
  options: EngineOptions,
): Promise<Engine> {
  const address = parseKvAddress(config.store)!;
  const { store, database } = await whenReachable(
    () => openKv(address),
    warnOfWait(config, instance, options),
  );
  return { store, openLink: (receive) => openKvLink(database, instance, receive) };
}

/** Says in the log that the start waits for the engine. */
function warnOfWait(config: Config, instance: string, options: EngineOptions): OnWait {
  const { log = createLogger(config.log, { fields: { instance } }) } = options;
  return (reason, waitMs) =>
    log.warn("The store cannot be reached yet: the start waits for it", {
      reason: reason.message,
      next_attempt_in_ms: waitMs,
    });
}

async function openSqliteEngine(
  config: Config,
  instance: string,
  { storePort }: EngineOptions,
): Promise<Engine> {
  const path = sqlitePath(config.store)!;
  return {
    store: await openSqlite(path, { sync: config.sqliteSync, port: storePort }),
    openLink: (receive) =>
      openBroadcastChannel(
        `parley ${path === ":memory:" ? path : resolve(path)}`,
        instance,
        receive,
      ),
  };
}

/** The path that SQLite opens for a store, or `undefined` if it is not SQLite's. */
export function sqlitePath(store: string): string | undefined {
  if (store === "memory:") return ":memory:";
  return store.startsWith("sqlite:") ? store.slice("sqlite:".length) : undefined;
}
