import { parley } from "../parley.ts";
import { figuresOf, loadFigures, memoryPerConnection } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const CONNECTIONS = 10_000;
const BARE = "Deno, coalesced";

/** What people cost who are merely there, and how soon they hear when somebody talks. */
export const idle: Scenario = {
  id: "idle",
  async run(settings) {
    // A loop over 10,000 members takes the others longer than the tenth of a second between two messages.
    const quickOnes = settings.peers.filter(({ name }) => [BARE, "Bun publish"].includes(name));
    const trials = new Trials(settings, [{
      load: { members: CONNECTIONS, senders: 10, perSecond: 10, measureMs: 5_000 },
      peers: [parley(), ...quickOnes],
      figures: (outcome) => ({
        memory: memoryPerConnection(outcome, CONNECTIONS),
        total: outcome.memoryKib[1] / 1024,
        open: outcome.openMs / 1000,
        ...loadFigures(outcome),
      }),
    }]);
    await trials.run(3);
    return {
      id: "idle",
      title: "10,000 connections",
      about:
        "10,000 people in one room: the memory that the server takes for each of them once all are in and nothing moves, and then 10 messages a second to all of them.",
      figures: [
        { key: "memory", label: "memory/connection", unit: "KiB", better: "lower" },
        { key: "total", label: "memory in all", unit: "MiB", better: "lower" },
        { key: "open", label: "until all were in", unit: "s", better: "lower" },
        ...figuresOf("p50", "p99", "cpuPerDelivery"),
      ],
      rows: trials.rows,
      ratios: trials.ratio("memory", { peer: "Parley" }, { peer: BARE }, { atMost: 1.3 }),
      latency: trials.latency,
      skipped: trials.skipped,
    };
  },
};
