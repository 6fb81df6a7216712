import type { Ratio, Row, ScenarioResult } from "../scenarios/result.ts";
import { Trials } from "../scenarios/trials.ts";
import { COST_FIGURES, type Costs, measureCosts } from "./costs/costs.ts";
import { TEXT } from "./costs/drafts.ts";
import { type Engine, ENGINES } from "./engines.ts";
import { LATENCY_FIGURES, scaleFigures, THROUGHPUT_FIGURES } from "./figures.ts";
import { ALONE, cluster, clusterName, INSTANCES, ISOLATES } from "./peers.ts";

const RUNS = 3;
const EASE = "at ease";
const FULL = "full";
const ROOM = { members: 100, senders: 10 };
/** The median that a link may add to the way to another instance, in milliseconds. */
const AIM_MS = { PostgreSQL: 5, Redis: 2 } as const;

/** What was measured, and on what. */
export interface Measured {
  readonly latency: ScenarioResult;
  readonly throughput: ScenarioResult;
  readonly costs: ScenarioResult;
  readonly versions: ReadonlyMap<string, string>;
}

/** Measures all engines, with one instance and with several. */
export async function measureScale({ quick }: { quick: boolean }): Promise<Measured> {
  const versions = new Map<string, string>();
  const clusters = ENGINES.flatMap((engine) => INSTANCES.map((count) => cluster(engine, count)));
  const peers = [ALONE, ISOLATES, ...clusters];
  const lengths = { warmUpMs: 1_500, measureMs: quick ? 1_500 : 3_500 };
  const trials = new Trials({ quick, peers, versions }, [
    { name: EASE, load: { ...ROOM, perSecond: 50, ...lengths }, peers, figures: scaleFigures },
    { name: FULL, load: { ...ROOM, window: 16, ...lengths }, peers, figures: scaleFigures },
  ]);
  await trials.run(RUNS);
  const costs = new Map<Engine, Costs>();
  for (const engine of ENGINES) costs.set(engine, await measureCosts(engine, { quick }));
  return {
    latency: describeLatency(trials),
    throughput: describeThroughput(trials),
    costs: describeCosts(costs),
    versions,
  };
}

function describeLatency(trials: Trials): ScenarioResult {
  return {
    id: "scale-latency",
    title: "What the link adds",
    about:
      "50 messages a second by ten senders to a room of 100, who are spread evenly over the instances. From the sending of a message to its delivery to members at the sender's own instance and to members at another, by one clock. SQLite × 2 are two isolates of one process, all others are processes. What is added is the difference of the two medians of a run.",
    figures: LATENCY_FIGURES,
    rows: rowsOf(trials, EASE),
    ratios: ENGINES.flatMap((engine) => addedBy(engine, trials)),
    skipped: trials.skipped,
  };
}

function addedBy(engine: Engine, trials: Trials): Ratio[] {
  return INSTANCES.flatMap((count) => {
    const peer = clusterName(engine, count);
    const value = trials.median("added", { peer, trial: EASE });
    const aim = { atMost: AIM_MS[engine.name] };
    return value === undefined ? [] : [{ label: `p50 added: ${peer}`, value, unit: "ms", aim }];
  });
}

function describeThroughput(trials: Trials): ScenarioResult {
  const alone = { peer: ALONE.name, trial: FULL };
  return {
    id: "scale-throughput",
    title: "Throughput, and what a message costs",
    about:
      `The same room, in which ten senders have 16 messages in flight each. All of it runs on ${navigator.hardwareConcurrency} cores: instances, engine and load generator. So messages/s say how much work there is and not what as many machines would do; the processor time of a message says what each machine would have to do.`,
    figures: THROUGHPUT_FIGURES,
    rows: rowsOf(trials, FULL),
    ratios: ENGINES.flatMap((engine) =>
      INSTANCES.flatMap((count) =>
        trials.ratio(
          "messages",
          { peer: clusterName(engine, count), trial: FULL },
          count === 1 ? alone : { peer: clusterName(engine, 1), trial: FULL },
        )
      )
    ).map((ratio) => ({ ...ratio, label: ratio.label.replaceAll(`, ${FULL}`, "") })),
    growth: [
      growthOf(trials, "each", "each instance"),
      growthOf(trials, "engine", "the engine"),
    ],
    skipped: trials.skipped,
  };
}

function growthOf(trials: Trials, figure: string, whose: string) {
  return {
    xLabel: "instances",
    yLabel: `CPU of ${whose} for a message to the room, µs`,
    series: ENGINES.map((engine) => ({
      peer: engine.name,
      points: INSTANCES.flatMap((count) => {
        const cost = trials.median(figure, { peer: clusterName(engine, count), trial: FULL });
        return cost === undefined ? [] : [[count, cost] as const];
      }),
    })),
  };
}

function describeCosts(costs: ReadonlyMap<Engine, Costs>): ScenarioResult {
  const rows = [...costs.values()].flatMap(({ rows }) => rows);
  return {
    id: "scale-costs",
    title: "What single things cost",
    about:
      "Asked of an engine that does nothing else by the stores and links of instances, which here are all in one process. Several write or come at the same moment and wait for each other, the worst case for what is locked.",
    figures: COST_FIGURES,
    rows: rows.toSorted((a, b) => indexOf(rows, a) - indexOf(rows, b)),
    ratios: Array.from(costs, ([{ name }, { bytesPerMessage }]) => ({
      label: `${name} keeps of a message of ${TEXT.length} characters`,
      value: bytesPerMessage,
      unit: "bytes",
    })),
    skipped: [],
  };
}

/** Where a thing was measured first: the engines stand beside each other. */
function indexOf(rows: readonly Row[], row: Row): number {
  return rows.findIndex((other) => other.case === row.case);
}

function rowsOf(trials: Trials, trial: string): Row[] {
  return trials.rows.filter((row) => row.case === trial).map((row) => ({
    ...row,
    case: undefined,
  }));
}
