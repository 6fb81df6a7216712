import type { Outcome } from "../load/plan.ts";
import type { Figure } from "./result.ts";
import type { Figures } from "./trials.ts";

/** The figures that a load has, whatever it is. */
export const LOAD_FIGURES: readonly Figure[] = [
  { key: "deliveries", label: "deliveries/s", unit: "/s", better: "higher" },
  { key: "messages", label: "messages/s", unit: "/s", better: "higher" },
  { key: "p50", label: "p50", unit: "ms", better: "lower" },
  { key: "p99", label: "p99", unit: "ms", better: "lower" },
  { key: "p999", label: "p99.9", unit: "ms", better: "lower" },
  { key: "cpuPerDelivery", label: "CPU/delivery", unit: "µs", better: "lower" },
  { key: "cpuPerMessage", label: "CPU/message", unit: "µs", better: "lower" },
  { key: "server", label: "the server's CPU", unit: "%", better: "lower" },
  { key: "generator", label: "the generator's CPU", unit: "%", better: "lower" },
];

/** Some of {@linkcode LOAD_FIGURES}, in the order in which they are named. */
export function figuresOf(...keys: readonly string[]): Figure[] {
  return keys.map((key) => LOAD_FIGURES.find((figure) => figure.key === key)!);
}

/** Reads {@linkcode LOAD_FIGURES} off an outcome. */
export function loadFigures({ load }: Outcome): Figures {
  if (!load) throw new Error("There was no load");
  const quantile = (share: number) => {
    const found = load.latency.find(([at]) => at === share);
    if (!found) throw new Error("There was nobody who only listens, whose deliveries are timed");
    return found[1];
  };
  return {
    deliveries: load.deliveries / load.ms * 1000,
    messages: load.messages / load.ms * 1000,
    p50: quantile(0.5),
    p99: quantile(0.99),
    p999: quantile(0.999),
    cpuPerDelivery: load.serverCpuMs * 1000 / load.deliveries,
    cpuPerMessage: load.serverCpuMs * 1000 / load.messages,
    server: load.serverCpuMs / load.ms * 100,
    generator: load.generatorCpuMs / load.ms * 100,
  };
}

/** Connections' share of the memory, in KiB. */
export function memoryPerConnection({ memoryKib: [before, after] }: Outcome, connections: number) {
  return (after - before) / connections;
}
