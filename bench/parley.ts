import manifest from "../deno.json" with { type: "json" };
import { PLAIN_JSON } from "./load/dialect.ts";
import type { Peer, RunningPeer } from "./peers/peer.ts";

/** How long it may take to listen or to end, in milliseconds. */
const PATIENCE_MS = 20_000;
const ROOT = new URL("../", import.meta.url);

/** How Parley is run, other than over a new SQLite file at FULL sync with one isolate and no limits. */
export interface ParleyOptions {
  /** As tables name it. */
  readonly name?: string;
  /** Isolates that share the port. */
  readonly isolates?: number;
  /** Each commit takes 5 ms, in place of what this machine's own disk takes. */
  readonly slowDisk?: boolean;
  /** Where its data is, in place of the new file. */
  readonly store?: string;
  /** What is run, in place of the server as it is: a module, by its path from the root of the project. */
  readonly module?: string;
  /** Fills the database, whose path it gets, before it is started. */
  readonly prepare?: (path: string) => void;
}

/** Parley as a server under test: a process of its own, as `deno task start` runs it. */
export function parley(options: ParleyOptions = {}): Peer {
  return {
    name: options.name ?? "Parley",
    dialect: PLAIN_JSON,
    start: (port) => start(port, options),
  };
}

async function start(port: number, options: ParleyOptions): Promise<RunningPeer> {
  const folder = Deno.makeTempDirSync({ prefix: "parley-bench-" });
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const path = `${folder}/parley.db`;
  options.prepare?.(path);
  // Deno.execPath() is the program itself and no shim of npm's, whose processor time would be measured in its place.
  const child = new Deno.Command(Deno.execPath(), {
    args: commandLine(options),
    cwd: ROOT,
    env: {
      HOST: "127.0.0.1",
      PORT: String(port),
      NO_COLOR: "1",
      PARLEY_STORE: options.store ?? `sqlite:${path}`,
      PARLEY_ISOLATES: String(options.isolates ?? 1),
      PARLEY_SQLITE_SYNC: options.slowDisk ? "normal" : "full",
      PARLEY_DRAIN_S: "0",
      PARLEY_MESSAGES_PER_SECOND: "0",
      PARLEY_CONNECTIONS_PER_ADDRESS: "0",
      PARLEY_LOG: "warn",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const stop = async () => {
    await end(child);
    remove();
  };
  if (!await listens(child)) {
    await stop();
    throw new Error(
      `Cannot start Parley: it ended, or did not listen within ${PATIENCE_MS / 1000} s`,
    );
  }
  return {
    version: `Parley ${manifest.version}, Deno ${Deno.version.deno}`,
    pid: child.pid,
    stop,
  };
}

function commandLine({ slowDisk, module }: ParleyOptions): string[] {
  const other = slowDisk ? "bench/load/slow_parley.ts" : module;
  if (other) return ["run", "--allow-all", other];
  return manifest.tasks.start.split(" ").slice(1);
}

/** Reads what it writes, to the end, and tells whether it says that it listens. */
function listens(child: Deno.ChildProcess): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const late = setTimeout(() => resolve(false), PATIENCE_MS);
  let text = "";
  const sink = new WritableStream<string>({
    write(chunk) {
      text += chunk;
      if (text.includes("listens on")) resolve(true);
    },
  });
  child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(sink).finally(() => resolve(false));
  return promise.finally(() => clearTimeout(late));
}

async function end(child: Deno.ChildProcess): Promise<void> {
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
  await child.status;
  clearTimeout(late);
}
