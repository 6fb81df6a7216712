import { readConfig } from "../../../lib/config.ts";
import { type Engine as OpenEngine, openEngine } from "../../../lib/engine.ts";
import type { Figure, Row } from "../../scenarios/result.ts";
import type { Engine } from "../engines.ts";
import { measureAppends } from "./appends.ts";
import { measureBeats } from "./beats.ts";
import { CostMeter } from "./cost_meter.ts";
import { measurePeople } from "./people.ts";
import { measurePosts } from "./posts.ts";

/** How many instances work at the same time where several do. */
const WRITERS = 4;

/** What {@linkcode measureCosts} tells of each thing. */
export const COST_FIGURES: readonly Figure[] = [
  { key: "engine", label: "the engine's CPU", unit: "µs", better: "lower" },
  { key: "instance", label: "the instances' CPU", unit: "µs", better: "lower" },
  { key: "perSecond", label: "a second", unit: "/s", better: "higher" },
];

/** What single things cost one engine. */
export interface Costs {
  readonly rows: readonly Row[];
  /** What it keeps of each message, in bytes: on its disk or in its memory, with all indexes. */
  readonly bytesPerMessage: number;
}

/** What single things cost an engine that nobody else uses, asked of it by the code of an instance. */
export async function measureCosts(engine: Engine, { quick }: { quick: boolean }): Promise<Costs> {
  await using running = await engine.start();
  const engines: OpenEngine[] = [];
  try {
    for (let i = 0; i < WRITERS; i++) engines.push(await open(running.store, `instance-${i}`));
    const meter = new CostMeter(engine.name, running.pid, { quick });
    const before = await running.keptBytes();
    const messages = await measureAppends(meter, engines);
    const bytesPerMessage = (await running.keptBytes() - before) / messages;
    await measurePeople(meter, engines);
    await measureBeats(meter, engines[0]!);
    await measurePosts(meter, engines[0]!);
    return { rows: meter.rows, bytesPerMessage };
  } finally {
    for (const { store } of engines) await store.close();
  }
}

function open(store: string, instance: string): Promise<OpenEngine> {
  const settings: Record<string, string> = { PARLEY_STORE: store, PARLEY_LOG: "error" };
  return openEngine(readConfig((name) => settings[name]), instance);
}
