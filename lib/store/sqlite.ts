import { resolve } from "node:path";
import { SqliteCaller } from "./sqlite_caller.ts";
import type { SqliteSync } from "./sqlite_schema.ts";
import { SqliteStore } from "./sqlite_store.ts";
import type { Serve } from "./sqlite_search_worker.ts";
import type { Order, Report, Start } from "./sqlite_worker.ts";
import type { Store } from "./store.ts";

/** How {@linkcode openSqlite} opens a store. */
export interface SqliteOptions {
  /** How far a commit waits for the disk. */
  readonly sync: SqliteSync;
  /** Where a Worker that was started elsewhere in the process serves this isolate. */
  readonly port?: MessagePort;
}

/** How {@linkcode startSqliteWorker} starts a Worker. */
export interface SqliteWorkerOptions {
  /** How far a commit waits for the disk. */
  readonly sync: SqliteSync;
  /** What the Worker runs, in place of `sqlite_worker.ts`. */
  readonly module?: URL;
}

/** What holds a database, as a rule a Worker. */
export interface SqliteWorker {
  /** A port for one isolate's store, to be handed to {@linkcode openSqlite}. */
  port(): MessagePort;
  /** Resolves to the reason if the Worker ends without being closed. */
  readonly failure: Promise<string>;
  /** Finishes what was begun, tells every store, and lets go of the file. */
  close(): Promise<void>;
}

const MEMORY = ":memory:";

/** The module that the Worker runs. */
const WORKER = new URL("./sqlite_worker.ts", import.meta.url);
/** The module of the Worker that searches. */
const SEARCHER = new URL("./sqlite_search_worker.ts", import.meta.url);

interface Shared {
  readonly holder: Promise<SqliteWorker>;
  users: number;
}

/** What holds the databases of this isolate's own stores, by path. */
const shared = new Map<string, Shared>();

/**
 * Opens the store in a SQLite file, or in memory for `":memory:"`.
 *
 * Without a `port` it starts a Worker for a file, and holds a database in memory in this isolate. All stores of the isolate with the same
 * path share it until the last of them is closed. Rejects with an `Error` of one sentence for the person who runs the server
 * if the file cannot be used.
 */
export async function openSqlite(path: string, { sync, port }: SqliteOptions): Promise<Store> {
  if (port) return new SqliteStore(new SqliteCaller(port), () => Promise.resolve());
  const key = path === MEMORY ? path : resolve(path);
  const entry = shared.get(key) ?? { holder: hold(path, sync), users: 0 };
  shared.set(key, entry);
  entry.users++;
  const forget = () => {
    if (shared.get(key) === entry) shared.delete(key);
  };
  const letGo = async () => {
    entry.users--;
    if (entry.users > 0) return;
    forget();
    await (await entry.holder).close();
  };
  try {
    const holder = await entry.holder;
    const caller = new SqliteCaller(holder.port());
    holder.failure.then((reason) => {
      forget();
      caller.fail(reason);
    });
    return new SqliteStore(caller, letGo);
  } catch (error) {
    forget();
    throw error;
  }
}

function hold(path: string, sync: SqliteSync): Promise<SqliteWorker> {
  return path === MEMORY ? holdInMemory(sync) : startSqliteWorker(path, { sync });
}

/** Without a Worker, which is there for commits that wait for a disk. */
async function holdInMemory(sync: SqliteSync): Promise<SqliteWorker> {
  const { SqliteServer } = await import("./sqlite_server.ts");
  const server = new SqliteServer({ path: MEMORY, sync });
  return {
    failure: new Promise(() => {}),
    port() {
      const { port1: ours, port2: theirs } = new MessageChannel();
      server.serve(theirs);
      return ours;
    },
    close: () => Promise.resolve(server.close()),
  };
}

/**
 * Starts the Worker that holds a database for all isolates of the process, whichever of them calls this.
 *
 * Rejects as {@linkcode openSqlite} does.
 */
export async function startSqliteWorker(
  path: string,
  { sync, module = WORKER }: SqliteWorkerOptions,
): Promise<SqliteWorker> {
  const worker = new Worker(module, { type: "module", name: "sqlite" });
  const { port1: control, port2: itsControl } = new MessageChannel();
  const { port1: searching, port2: itsSearching } = new MessageChannel();
  const failure = Promise.withResolvers<string>();
  let searcher: Worker | undefined;
  const end = () => {
    for (const one of [worker, searcher]) one?.terminate();
    for (const port of [control, searching]) port.close();
  };
  const fail = (event: ErrorEvent) => {
    // Left alone, the error would end the whole process.
    event.preventDefault();
    end();
    failure.resolve(`The store's Worker has failed: ${event.message}`);
  };
  worker.addEventListener("error", fail);
  searching.onmessage = ({ data }: MessageEvent<Serve>) => {
    if (!searcher) {
      searcher = new Worker(SEARCHER, { type: "module", name: "sqlite search" });
      searcher.addEventListener("error", fail);
    }
    searcher.postMessage(data, [data.port]);
  };
  const nextReport = () => {
    const report = new Promise<Report>((resolve) => {
      control.onmessage = ({ data }: MessageEvent<Report>) => resolve(data);
    });
    return Promise.race([report, failure.promise.then((failed) => ({ failed }))]);
  };

  // A Worker that is started within another one hears nothing for 1 s (Deno 2.9.6). And nobody but its holder can search a database in memory.
  const searcherOf = path === MEMORY ? {} : { searcher: itsSearching };
  const start: Start = { path, sync, control: itsControl, ...searcherOf };
  worker.postMessage(start, [itsControl, itsSearching]);
  const opened = await nextReport();
  if (typeof opened === "object") {
    end();
    throw new Error(opened.failed);
  }
  let closing: Promise<void> | undefined;
  const close = async () => {
    control.postMessage("close" satisfies Order);
    await nextReport();
    end();
  };
  return {
    failure: failure.promise,
    port() {
      const { port1: ours, port2: theirs } = new MessageChannel();
      control.postMessage({ serve: theirs } satisfies Order, [theirs]);
      return ours;
    },
    close: () => closing ??= close(),
  };
}
