import { assertEquals } from "@std/assert";
import { KvTruth } from "./kv_truth.ts";
import { simulate } from "./simulation.ts";

/** How many seeds are tried: each takes about 0.5 s, as the requests are those of a real database. */
const SEEDS = 25;

/** A seed to replay, with all that happens written out; and which are tried otherwise, such as `1-500`. */
const seed = Deno.env.get("PARLEY_KV_SIMULATION_SEED");
const seeds = Deno.env.get("PARLEY_KV_SIMULATION_SEEDS") ?? `1-${SEEDS}`;

async function replayable(seed: number, write?: (line: string) => void): Promise<number> {
  try {
    return await simulate(seed, write, () => KvTruth.make());
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`PARLEY_KV_SIMULATION_SEED=${seed} replays this: ${message}`, { cause });
  }
}

Deno.test({
  name: "over Deno KV everybody ends with what the store holds, whatever went wrong on the way",
  ignore: seed !== undefined,
  async fn() {
    const [first, last] = seeds.split("-").map(Number) as [number, number];
    for (let seed = first; seed <= last; seed++) await replayable(seed);
  },
});

Deno.test({
  name: "over Deno KV a seed replays the same run",
  ignore: seed !== undefined,
  async fn() {
    const lines: string[][] = [[], []];
    for (const run of lines) await replayable(3, (line) => run.push(line));
    assertEquals(lines[0], lines[1]);
  },
});

Deno.test({
  name: "over Deno KV one seed is replayed",
  ignore: seed === undefined,
  async fn() {
    console.log(await replayable(Number(seed), console.log));
  },
});
