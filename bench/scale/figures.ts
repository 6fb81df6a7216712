import type { LoadOutcome, Outcome } from "../load/plan.ts";
import type { Figure } from "../scenarios/result.ts";
import type { Figures } from "../scenarios/trials.ts";

/** How long deliveries take while a room talks at ease. The first is drawn. */
export const LATENCY_FIGURES: readonly Figure[] = [
  { key: "added", label: "p50 added by the link", unit: "ms", better: "lower" },
  { key: "near50", label: "own instance, p50", unit: "ms", better: "lower" },
  { key: "near99", label: "own instance, p99", unit: "ms", better: "lower" },
  { key: "far50", label: "another instance, p50", unit: "ms", better: "lower" },
  { key: "far99", label: "another instance, p99", unit: "ms", better: "lower" },
];

/** How much a room is told, and what it costs. */
export const THROUGHPUT_FIGURES: readonly Figure[] = [
  { key: "messages", label: "messages/s", unit: "/s", better: "higher" },
  { key: "deliveries", label: "deliveries/s", unit: "/s", better: "higher" },
  { key: "near50", label: "own instance, p50", unit: "ms", better: "lower" },
  { key: "far50", label: "another instance, p50", unit: "ms", better: "lower" },
  { key: "each", label: "CPU/message, each instance", unit: "µs", better: "lower" },
  { key: "instances", label: "all instances", unit: "µs", better: "lower" },
  { key: "engine", label: "the engine", unit: "µs", better: "lower" },
];

/** Reads all of them off what came of a load: without those of another instance where there is none. */
export function scaleFigures({ load }: Outcome): Figures {
  if (!load) throw new Error("There was no load");
  const { messages, deliveries, ms, latency, farLatency } = load;
  // Isolates share a process, which does not tell them apart.
  const { process, instances = process, engine } = load.watchedCpuMs;
  const cost = (cpuMs: readonly number[]) => cpuMs.reduce((a, b) => a + b, 0) * 1000 / messages;
  const near = { near50: quantile(latency, 0.5), near99: quantile(latency, 0.99) };
  const far = farLatency.length > 0 && {
    far50: quantile(farLatency, 0.5),
    far99: quantile(farLatency, 0.99),
    added: quantile(farLatency, 0.5) - near.near50,
  };
  return {
    ...near,
    ...far,
    messages: messages / ms * 1000,
    deliveries: deliveries / ms * 1000,
    ...(!process && { each: cost(instances!) / instances!.length }),
    instances: cost(instances!),
    ...(engine && { engine: cost(engine) }),
  };
}

function quantile(latency: LoadOutcome["latency"], share: number): number {
  const found = latency.find(([at]) => at === share);
  if (!found) throw new Error("There was nobody who only listens, whose deliveries are timed");
  return found[1];
}
