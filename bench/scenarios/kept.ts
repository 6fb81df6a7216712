import type { Machine, ScenarioResult } from "./result.ts";

/** Beside the databases, which are no part of the project either. */
const FILE = new URL("../../data/bench.json", import.meta.url);

/** What was measured, and on what. */
interface Kept {
  readonly machine: Machine;
  readonly results: readonly ScenarioResult[];
}

/**
 * Keeps results from one call to the next, so that one scenario can be measured again without all others.
 *
 * Those of another machine or of other versions are let go of. Returns all that are good, in the order of `ids`.
 */
export async function keep(
  { machine, results }: Kept,
  ids: readonly string[],
): Promise<Kept> {
  const before = await read();
  const isGood = before !== undefined && isSame(before.machine, machine);
  const all = new Map<string, ScenarioResult>();
  for (const result of isGood ? before.results : []) all.set(result.id, result);
  for (const result of results) all.set(result.id, result);
  const kept: Kept = {
    machine: isGood ? join(before.machine, machine) : machine,
    results: ids.flatMap((id) => all.get(id) ?? []),
  };
  await Deno.mkdir(new URL("./", FILE), { recursive: true });
  await Deno.writeTextFile(FILE, JSON.stringify(kept));
  return kept;
}

async function read(): Promise<Kept | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(FILE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function isSame(a: Machine, b: Machine): boolean {
  if (a.processor !== b.processor || a.system !== b.system) return false;
  return Object.entries(a.versions).every(([name, version]) =>
    b.versions[name] === undefined || b.versions[name] === version
  );
}

/** The newer one, with what the older one knows besides. */
function join(older: Machine, newer: Machine): Machine {
  return {
    ...newer,
    versions: { ...older.versions, ...newer.versions },
    load: [Math.max(older.load[0], newer.load[0]), Math.max(older.load[1], newer.load[1])],
  };
}
