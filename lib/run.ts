import { type Config, readConfig } from "./config.ts";
import { sqlitePath } from "./engine.ts";
import { createLogger } from "./log.ts";
import { keepFreedMemory } from "./memory.ts";
import { startReloading } from "./reload.ts";
import { cannotListen, serve } from "./serve.ts";
import { parseKvAddress } from "./store/kv_address.ts";
import { lockKvFile } from "./store/kv_lock.ts";
import { type SqliteWorker, startSqliteWorker } from "./store/sqlite.ts";
import { Supervisor } from "./supervisor.ts";
import { within } from "./within.ts";

/** The signals that ask for the end; Windows knows no SIGTERM. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];
/** How long the end may take after the drain, in milliseconds: hosts kill what is still there after 5 s. */
const ENDING_MS = 4_500;

/** How long a start may take that is not wanted any more, in milliseconds: it may be waiting for an engine that is down. */
const STARTING_MS = 1_000;

/** How {@linkcode run} differs from what `deno task start` does. */
export interface RunOptions {
  /** Listens on this machine only, with one isolate. */
  readonly dev?: boolean;
  /** The folder whose changes start the server anew. */
  readonly watch?: URL;
  /** The module that each isolate runs. */
  readonly isolate?: URL;
  /** The module that the store's Worker runs. */
  readonly storeWorker?: URL;
}

/** What is running, and how it is ended. */
export interface Running {
  /** The port on which it listens. */
  readonly port: number;
  /** Resolves to the reason if what all of it rests on has ended. */
  readonly failure: Promise<string>;
  /** Ends all of it in order. */
  close(): Promise<void>;
}

/**
 * Runs the server as this process: says where it listens, and ends in order at SIGINT or SIGTERM.
 *
 * Whatever makes it end otherwise is told in one sentence, with exit code 1, so that whoever keeps the process starts
 * it again.
 */
export async function run({ dev, watch, ...modules }: RunOptions): Promise<never> {
  try {
    keepFreedMemory();
    const signalled = nextSignal();
    const config = readConfig((name) => Deno.env.get(name), { dev });
    // Isolates read their code when they start; the main thread has read its own for good.
    const inWorkers = watch !== undefined || config.isolates > 1;
    const startOn = (port = config.port) => start({ ...config, port }, inWorkers, modules);
    const starting = watch ? startReloading(watch, startOn) : startOn();
    let hasStarted = false;
    const started = starting.then((running) => {
      hasStarted = true;
      return untilFailure(config, running);
    });
    await Promise.race([signalled, started]);
    // A start that fails once it is not wanted any more is no failure.
    const endingMs = hasStarted ? config.drainS * 1000 + ENDING_MS : STARTING_MS;
    await within(endingMs, starting.then((running) => running.close(), () => {}));
    Deno.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}

/** Resolves at the first signal. Those after it change nothing: `deno task` passes on what a terminal sends by itself. */
function nextSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of SIGNALS) Deno.addSignalListener(signal, resolve);
  return promise;
}

async function untilFailure({ host }: Config, { port, failure }: Running): Promise<never> {
  console.log(`Parley listens on http://${shownHost(host)}:${port}/`);
  throw new Error(await failure);
}

async function start(
  config: Config,
  inWorkers: boolean,
  { isolate, storeWorker }: Pick<RunOptions, "isolate" | "storeWorker">,
): Promise<Running> {
  const kv = parseKvAddress(config.store);
  using locks = new DisposableStack();
  if (kv?.kind === "file") locks.use(lockKvFile(kv.path));
  const path = sqlitePath(config.store);
  // One isolate holds by itself what is in memory.
  const opening = path !== undefined && (inWorkers || path !== ":memory:")
    ? startSqliteWorker(path, { sync: config.sqliteSync, module: storeWorker })
    : undefined;
  const { port, close } = inWorkers
    ? await startMany(config, await opening, isolate)
    : await startOne(config, opening?.then((sqlite) => sqlite.port()));
  const sqlite = await opening;
  const held = locks.move();
  return {
    port,
    failure: sqlite?.failure ?? new Promise(() => {}),
    async close() {
      await close();
      await sqlite?.close();
      held.dispose();
    },
  };
}

async function startOne(config: Config, storePort?: Promise<MessagePort>) {
  const { address, close } = await serve(config, { storePort });
  return { port: address.port, close };
}

async function startMany(
  config: Config,
  sqlite?: SqliteWorker,
  module?: URL,
) {
  const storePort = () => sqlite?.port();
  const port = findPort(config);
  const log = createLogger(config.log);
  const supervisor = new Supervisor({ ...config, port }, { log, storePort, module });
  await supervisor.start();
  return { port, close: () => supervisor.close() };
}

/** Isolates share a port, and would share it with another program without a word: it must be free before they start. */
function findPort(config: Config): number {
  try {
    using listener = Deno.listen({ hostname: config.host, port: config.port });
    return listener.addr.port;
  } catch (error) {
    throw cannotListen(config, error);
  }
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
