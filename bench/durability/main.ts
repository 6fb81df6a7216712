/**
 * The server with probes: each line of the standard input is answered by a line of JSON, a {@linkcode Probed} under the
 * key that the line is.
 *
 * With `PARLEY_BENCH_SLOW_DISK=1` each commit takes as long as on a network disk.
 *
 * @module
 */
import process from "node:process";
import { run } from "../../lib/run.ts";
import { LoopProbe } from "./loop_probe.ts";

/** What is measured inside the server. */
export interface Probed {
  /** The longest hold of the event loop since the line before, in milliseconds. */
  readonly heldMs: number;
  /** The processor time of all its threads since it was started, in milliseconds. */
  readonly cpuMs: number;
}

answerLines();
await run({
  storeWorker: Deno.env.get("PARLEY_BENCH_SLOW_DISK") === "1"
    ? new URL("./slow_disk_worker.ts", import.meta.url)
    : undefined,
});

async function answerLines(): Promise<void> {
  const probe = new LoopProbe();
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const { user, system } = process.cpuUsage();
    const probed: Probed = { heldMs: probe.takeLongest(), cpuMs: (user + system) / 1000 };
    for (const key of text.trim().split("\n")) console.log(JSON.stringify({ [key]: probed }));
  }
}
