import { parley } from "../parley.ts";
import type { Outcome } from "../load/plan.ts";
import type { Ratio } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const PEOPLE = 5_000;
const MIB = 1024 * 1024;

/** Everybody comes at once. Parley alone: none of the others tells who is there. */
export const storm: Scenario = {
  id: "storm",
  async run(settings) {
    const trials = new Trials(settings, [{
      load: {
        members: PEOPLE,
        senders: 0,
        measureMs: 0,
        storm: { until: `"count":${PEOPLE}` },
      },
      peers: [parley()],
      figures: stormFigures,
    }]);
    await trials.run(5);
    const value = (figure: string) => trials.median(figure, { peer: "Parley" });
    const plain = (label: string, figure: string, unit: string, atMost: number): Ratio[] => {
      const median = value(figure);
      return median === undefined ? [] : [{ label, value: median, unit, aim: { atMost } }];
    };
    return {
      id: "storm",
      title: "5,000 people join one room",
      about:
        "5,000 open connections join one room in the same moment: how long it takes until each of them was told of all 5,000, and what it takes of the network and the disk.",
      figures: [
        { key: "s", label: "until all know the count", unit: "s", better: "lower" },
        { key: "open", label: "opening the connections before", unit: "s", better: "lower" },
        { key: "sent", label: "sent by the server", unit: "MiB", better: "lower" },
        { key: "written", label: "written to disk", unit: "MiB", better: "lower" },
        { key: "cpu", label: "CPU/person", unit: "µs", better: "lower" },
      ],
      rows: trials.rows,
      ratios: [
        ...plain("Until all 5,000 know the count", "s", "s", 2),
        ...plain("Sent by the server", "sent", "MiB", 100),
      ],
      skipped: trials.skipped,
    };
  },
};

function stormFigures({ openMs, storm }: Outcome) {
  if (!storm) throw new Error("There was no storm");
  return {
    s: storm.ms / 1000,
    open: openMs / 1000,
    sent: storm.bytes / MIB,
    written: storm.writtenBytes / MIB,
    cpu: storm.cpuMs * 1000 / PEOPLE,
  };
}
