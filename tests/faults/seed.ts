import { Random } from "../simulation/random.ts";

/** Replays the moments at which things go wrong; which bytes are on their way then is in nobody's hands. */
const SEED = Deno.env.get("PARLEY_DURABILITY_SEED");

/** Runs a test with random numbers; if it fails, the error says which seed makes the same numbers again. */
export async function replayable(test: (random: Random, seed: number) => Promise<void>) {
  const seed = Number(SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  try {
    await test(new Random(seed), seed);
  } catch (cause) {
    throw new Error(`PARLEY_DURABILITY_SEED=${seed} replays this: ${cause}`, { cause });
  }
}
