import { parley } from "../parley.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const SLOW = "Parley, commits of 5 ms";

/** What a slow disk costs. */
export const slowCommit: Scenario = {
  id: "slow-commit",
  async run(settings) {
    const peers = [parley(), parley({ name: SLOW, slowDisk: true })];
    const trials = new Trials(
      settings,
      [16, 1].map((window) => ({
        name: nameOf(window),
        load: { members: 100, senders: 10, window },
        peers,
        figures: loadFigures,
      })),
    );
    await trials.run(5);
    const ratio = (window: number, aim?: { atLeast: number }) => {
      const trial = nameOf(window);
      return trials.ratio("deliveries", { peer: SLOW, trial }, { peer: "Parley", trial }, aim);
    };
    return {
      id: "slow-commit",
      title: "A slow disk",
      about:
        "Fan-out to 100 members on this machine's disk, and where each commit takes 5 ms, as on a disk at the other end of a network.",
      figures: figuresOf("deliveries", "messages", "p50", "p99", "cpuPerDelivery"),
      rows: trials.rows,
      ratios: [...ratio(16, { atLeast: 0.8 }), ...ratio(1)],
      skipped: trials.skipped,
    };
  },
};

function nameOf(window: number): string {
  return `100 members, ${window} in flight`;
}
