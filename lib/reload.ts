import { fileURLToPath } from "node:url";
import type { Running } from "./run.ts";

/** How long a folder must be quiet after a change, in milliseconds: editors write a file in several steps. */
const QUIET_MS = 100;

/**
 * Starts a server, and another in its place on the same port whenever a file in a folder has changed.
 *
 * This takes the place of `deno run --watch`, which a program that listens to SIGTERM cannot end (Deno 2.9.6). A server that cannot start
 * after a change is told of, and waits for the next one.
 */
export async function startReloading(
  folder: URL,
  start: (port?: number) => Promise<Running>,
): Promise<Running> {
  const watcher = Deno.watchFs(fileURLToPath(folder));
  const failure = Promise.withResolvers<string>();
  let running: Running | undefined = await start();
  const { port } = running;
  running.failure.then(failure.resolve);

  async function restart(): Promise<void> {
    await running?.close();
    try {
      running = await start(port);
      running.failure.then(failure.resolve);
      console.log("Parley was started anew, as a file has changed");
    } catch (error) {
      running = undefined;
      console.error(error instanceof Error ? error.message : String(error));
    }
  }

  async function watch(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let restarting = Promise.resolve();
    for await (const { kind } of watcher) {
      if (kind === "access") continue;
      clearTimeout(timer);
      timer = setTimeout(() => restarting = restarting.then(restart), QUIET_MS);
    }
    clearTimeout(timer);
    await restarting;
  }

  const watching = watch();
  return {
    port,
    failure: failure.promise,
    async close() {
      watcher.close();
      await watching;
      await running?.close();
    },
  };
}
