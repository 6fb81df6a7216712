import { assertEquals } from "@std/assert";
import { simulate } from "./simulation.ts";

const DEFAULT_SEEDS = 1_000;

/** A seed to replay, with all that happens written out; and how many seeds are tried otherwise, or which: `500-900`. */
const seed = Deno.env.get("PARLEY_SIMULATION_SEED");
const seeds = Deno.env.get("PARLEY_SIMULATION_SEEDS") ?? String(DEFAULT_SEEDS);

async function replayable(seed: number, write?: (line: string) => void): Promise<number> {
  try {
    return await simulate(seed, write);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`PARLEY_SIMULATION_SEED=${seed} replays this: ${message}`, { cause });
  }
}

Deno.test({
  name: "everybody ends with what the store holds, whatever went wrong on the way",
  ignore: seed !== undefined,
  async fn() {
    const [first, last] = seeds.includes("-") ? seeds.split("-") : ["1", seeds];
    for (let seed = Number(first); seed <= Number(last); seed++) await replayable(seed);
  },
});

Deno.test({
  name: "a seed replays the same run",
  ignore: seed !== undefined,
  async fn() {
    for (const seed of [1, 2, 3]) {
      const lines: string[][] = [[], []];
      const hashes = [
        await replayable(seed, (line) => lines[0]!.push(line)),
        await replayable(seed, (line) => lines[1]!.push(line)),
      ];
      assertEquals(lines[0], lines[1]);
      assertEquals(hashes[0], hashes[1]);
    }
  },
});

Deno.test({
  name: "one seed is replayed",
  ignore: seed === undefined,
  async fn() {
    console.log(await replayable(Number(seed), console.log));
  },
});
