import { parley } from "../parley.ts";
import type { Outcome } from "../load/plan.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const WITHOUT = "all read";
const WITH = "one never reads";

/** What one member who never reads costs the others. */
export const slowReader: Scenario = {
  id: "slow-reader",
  async run(settings) {
    // 0.5 MB/s to each: what the system holds back for the one who does not read (4 MiB on Linux) and what the server
    // does (1 MiB) are full in the middle of the measurement, so that letting go of them is measured too.
    const load = {
      members: 200,
      senders: 10,
      perSecond: 2_000,
      warmUpMs: 4_000,
      measureMs: 12_000,
    };
    const peers = [parley()];
    const figures = (outcome: Outcome) => ({ ...loadFigures(outcome), letGo: outcome.load!.letGo });
    const trials = new Trials(settings, [
      { name: WITHOUT, load, peers, figures },
      { name: WITH, load: { ...load, deaf: 1 }, peers, figures },
    ]);
    await trials.run(5);
    const at = (trial: string) => ({ peer: "Parley", trial });
    return {
      id: "slow-reader",
      title: "One who does not read",
      about:
        "2,000 messages a second to a room of 200, with and without one member more who never reads: how long deliveries take to the others.",
      figures: [
        ...figuresOf("p99", "p50", "p999", "cpuPerDelivery"),
        { key: "letGo", label: "let go of by the server", unit: "", better: "higher" },
      ],
      rows: trials.rows,
      ratios: [
        ...trials.ratio("p99", at(WITH), at(WITHOUT), { atMost: 1.2 }),
        ...trials.ratio("p50", at(WITH), at(WITHOUT)),
      ],
      latency: trials.latency,
      skipped: trials.skipped,
    };
  },
};
