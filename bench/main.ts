/**
 * Parley against its peers: `deno task bench` measures all scenarios and writes tables and charts into `docs/`.
 *
 *     deno task bench fanout latency     only these scenarios; what is known of the others stays in the documents
 *     deno task bench --quick            short runs, good for a look; written into no document
 *     deno task bench --only Bun,coal    of Parley's peers only those in whose names one of these stands
 *
 * @module
 */
import { cpus, release } from "node:os";
import { PEERS } from "./peers/mod.ts";
import { figuresTable, ratiosTable } from "./report/tables.ts";
import { writeReport } from "./report/write.ts";
import { keep } from "./scenarios/kept.ts";
import { SCENARIOS } from "./scenarios/mod.ts";
import type { Machine, ScenarioResult } from "./scenarios/result.ts";

const { names, quick, only } = readArguments(Deno.args);
const loadBefore = Deno.loadavg()[0]!;
const versions = new Map<string, string>();
const peers = PEERS.filter(({ name }) => !only || only.some((wanted) => name.includes(wanted)));
const results: ScenarioResult[] = [];
for (const scenario of SCENARIOS) {
  if (names.length > 0 && !names.includes(scenario.id)) continue;
  console.log(`Measuring ${scenario.id} …`);
  results.push(await scenario.run({ quick, peers, versions }));
}
const machine = describeMachine();
for (const result of results) {
  console.log(`\n${result.title}\n\n${figuresTable(result)}\n\n${ratiosTable(result.ratios)}`);
}
// What was cut short, or is not all there is, is no figure to publish.
if (!quick && !only) {
  const kept = await keep({ machine, results }, SCENARIOS.map(({ id }) => id));
  await writeReport(kept.results, kept.machine);
}

function readArguments(words: readonly string[]) {
  const names: string[] = [];
  let [quick, only]: [boolean, string[] | undefined] = [false, undefined];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--quick") quick = true;
    else if (word === "--only") only = (words[++index] ?? "").split(",");
    else if (SCENARIOS.some(({ id }) => id === word)) names.push(word);
    else refuse(word);
  }
  return { names, quick, only };
}

function refuse(word: string): never {
  const known = SCENARIOS.map(({ id }) => id).join(", ");
  console.error(`There is no scenario "${word}": there are ${known}`);
  Deno.exit(2);
}

function describeMachine(): Machine {
  const all = cpus();
  return {
    processor: `${all.length} cores of ${all[0]?.model.trim() ?? "an unknown processor"}`,
    system: `${Deno.build.os} ${release()}`,
    versions: Object.fromEntries(versions),
    load: [loadBefore, Deno.loadavg()[0]!],
    date: new Date().toISOString().slice(0, 10),
    quick,
  };
}
