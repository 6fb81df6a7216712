import { type App, type AppOptions, createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { within } from "./within.ts";

/** How long requests that are not answered yet may take when the instance begins to end, in milliseconds. */
const LAST_ANSWERS_MS = 1_000;

/** An instance that answers on a port. */
export interface Serving {
  /** Where it listens. */
  readonly address: Deno.NetAddr;
  /** Serves on for `config.drainS`, then takes no more connections, sends everyone away and lets go of everything. */
  close(): Promise<void>;
}

/** What {@linkcode serve} takes beside the settings. */
export interface ServeOptions extends AppOptions {
  /** Whether other isolates of this process listen on the same port. */
  readonly reusePort?: boolean;
}

/**
 * Starts an instance and lets it answer on the port that the settings name.
 *
 * Rejects with an error of one sentence for the person who runs it if the store or the port cannot be had.
 */
export async function serve(config: Config, options: ServeOptions = {}): Promise<Serving> {
  const app: App = await createApp(config, options);
  try {
    const server = Deno.serve({
      port: config.port,
      hostname: config.host,
      reusePort: options.reusePort,
      onListen: () => {},
    }, app.fetch);
    return {
      address: server.addr,
      async close() {
        await app.drain();
        // The app first: the server's own end closes every socket without a word.
        const closed = app.close();
        // A client that never ends its request would hold the server for ever.
        await Promise.all([closed, within(LAST_ANSWERS_MS, server.shutdown())]);
      },
    };
  } catch (error) {
    await app.close();
    throw cannotListen(config, error);
  }
}

/** Why a port cannot be had, as a sentence for the person who runs the server. */
export function cannotListen({ host, port }: Config, error: unknown): Error {
  const reason = error instanceof Deno.errors.AddrInUse
    ? "the port is taken, set PORT to one that is free"
    : error instanceof Error
    ? error.message
    : String(error);
  return new Error(`Cannot listen on ${host}:${port}: ${reason}`, { cause: error });
}
