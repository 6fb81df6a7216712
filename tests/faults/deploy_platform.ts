import { assert } from "@std/assert";
import type { ProcessOptions, ServerProcess } from "../helpers/process.ts";

/** What an instance has by default there, in MiB. */
export const MEMORY_MIB = 512;
/** How long after the signal an instance is killed there, in milliseconds. */
export const KILLED_AFTER_MS = 5_000;

/**
 * A process as Deno Deploy runs one, as far as that can be had here: with its variables, with all permissions but to write, without
 * flags that are not stable, and with a heap that leaves a quarter of the memory to what is beside it.
 */
export function deployed(settings: Readonly<Record<string, string>> = {}): ProcessOptions {
  return {
    settings: { DENO_DEPLOY: "true", DENO_DEPLOYMENT_ID: "test", PARLEY_LOG: "warn", ...settings },
    flags: () => [
      "--allow-all",
      "--deny-write",
      `--v8-flags=--max-old-space-size=${MEMORY_MIB * 3 / 4}`,
    ],
  };
}

/** The same where no Deno KV database is attached: there is none to open. */
export function withoutKv(settings?: Readonly<Record<string, string>>): ProcessOptions {
  return { ...deployed(settings), main: "tests/faults/main_without_kv.ts" };
}

/** The most memory that a process has taken in its life so far, in MiB. */
export async function peakMib({ pid }: ServerProcess): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const [, kib] = /^VmHWM:\s*(\d+) kB$/m.exec(status) ?? [];
  assert(kib !== undefined, "the system tells what a process takes");
  return Number(kib) / 1024;
}
