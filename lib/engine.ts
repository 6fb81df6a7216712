import { resolve } from "node:path";
import { type Config, ConfigError } from "./config.ts";
import { openBroadcastChannel } from "./link/broadcast_channel.ts";
import type { OpenLink } from "./link/link.ts";
import { openSqlite } from "./store/sqlite.ts";
import type { Store } from "./store/store.ts";

/** A store, and what joins the instances that share it. */
export interface Engine {
  /** The truth that its instances share. */
  readonly store: Store;
  /** Joins this instance to the others. */
  readonly openLink: OpenLink;
}

/**
 * Opens what `PARLEY_STORE` names.
 *
 * `storePort` is where the process's SQLite Worker listens, if another isolate started it. Throws an error of one sentence for the
 * person who runs the server.
 */
export async function openEngine(
  config: Config,
  instance: string,
  storePort?: MessagePort,
): Promise<Engine> {
  const path = sqlitePath(config.store);
  if (path === undefined) {
    const scheme = config.store.split(":")[0];
    throw new ConfigError(
      `Cannot set PARLEY_STORE as this release keeps its data in "sqlite:PATH" or "memory:" only: current value is "${scheme}:…"`,
    );
  }
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
