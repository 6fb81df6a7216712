import { parley } from "../parley.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Growth } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { StoredLog } from "./stored_log.ts";
import { type Trial, Trials } from "./trials.ts";

const SIZES = [10, 100, 1_000, 10_000];
const STORED = [1_000, 1_000_000];
const SENDERS = 5;
/** Of each sender; more would be hundreds of megabytes on their way to 10,000 members at a time. */
const WINDOW = 8;

/** Whether a delivery costs the same in large rooms and in long ones. */
export const growth: Scenario = {
  id: "growth",
  async run(settings) {
    const others = settings.peers.filter(({ name }) => /^(Bun|Deno, coalesced)/.test(name));
    using logs = new StoredLog();
    const trials = new Trials(settings, [
      ...SIZES.map((members): Trial => ({
        name: nameOf(members),
        load: { members, senders: SENDERS, window: WINDOW },
        peers: [parley(), ...others],
        figures: loadFigures,
      })),
      ...STORED.map((messages): Trial => ({
        name: storedName(messages),
        load: { members: 1_000, senders: SENDERS, window: WINDOW },
        peers: [parley({ prepare: (path) => logs.copy(messages, path) })],
        figures: loadFigures,
      })),
    ]);
    await trials.run(3);
    const at = (trial: string) => ({ peer: "Parley", trial });
    return {
      id: "growth",
      title: "Growth",
      about:
        `Processor time of the server for each delivery, by the size of the room (${SENDERS} senders, ${WINDOW} messages in flight each), and in a room of 1,000 by what it has stored before.`,
      figures: figuresOf("cpuPerDelivery", "cpuPerMessage", "deliveries", "p50", "p99"),
      rows: trials.rows,
      ratios: [
        ...trials.ratio("cpuPerDelivery", at(nameOf(10_000)), at(nameOf(1_000)), { atMost: 1.25 }),
        ...trials.ratio("cpuPerDelivery", at(nameOf(10_000)), at(nameOf(100)), { atMost: 1.25 }),
        ...trials.ratio("cpuPerDelivery", at(storedName(1_000_000)), at(storedName(1_000)), {
          atMost: 1.25,
        }),
      ],
      growth: [curves(trials, ["Parley", ...others.map(({ name }) => name)])],
      skipped: trials.skipped,
    };
  },
};

function curves(trials: Trials, peers: readonly string[]): Growth {
  return {
    xLabel: "members",
    yLabel: "CPU/delivery, µs",
    series: peers.map((peer) => ({
      peer,
      points: SIZES.flatMap((size) => {
        const cost = trials.median("cpuPerDelivery", { peer, trial: nameOf(size) });
        return cost === undefined ? [] : [[size, cost] as const];
      }),
    })),
  };
}

function nameOf(members: number): string {
  return `${members.toLocaleString("en")} members`;
}

function storedName(messages: number): string {
  return `1,000 members, ${messages.toLocaleString("en")} messages stored`;
}
