import { parley } from "../parley.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const ONE = "Parley, 1 isolate";
const TWO = "Parley, 2 isolates";
/** Two isolates, the store's Worker and the load generator want a core each. */
const CORES = 4;

/** What a second isolate brings. */
export const isolates: Scenario = {
  id: "isolates",
  async run(settings) {
    const trials = new Trials(
      settings,
      [100, 1_000].map((members) => ({
        name: `${members.toLocaleString("en")} members, 16 in flight`,
        load: { members, senders: 10, window: 16 },
        peers: [parley({ name: ONE, isolates: 1 }), parley({ name: TWO, isolates: 2 })],
        figures: loadFigures,
      })),
    );
    await trials.run(5);
    const aim = navigator.hardwareConcurrency >= CORES ? { atLeast: 1 } : undefined;
    const cases = [...new Set(trials.rows.map((row) => row.case))];
    return {
      id: "isolates",
      title: "Two isolates",
      about:
        `Fan-out by one isolate and by two that share the port, in one process. Two have something to gain where ${CORES} cores are there: one for each, one for the store and one for the load generator. This machine has ${navigator.hardwareConcurrency}.`,
      figures: figuresOf("deliveries", "messages", "p50", "p99", "cpuPerDelivery"),
      rows: trials.rows,
      ratios: cases.flatMap((trial) =>
        trials.ratio("deliveries", { peer: TWO, trial }, { peer: ONE, trial }, aim)
      ),
      skipped: trials.skipped,
    };
  },
};
