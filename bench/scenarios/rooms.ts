import { parley } from "../parley.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { Trials } from "./trials.ts";

const MANY = "1,000 rooms of 10, 1 in flight each";
const SMALL = "1 room of 10, 1 in flight";
const BUSY = "1 room of 10, 16 in flight";
const LARGE = "1 room of 100, 16 in flight each";

/** Whether many rooms cost more than one. */
export const rooms: Scenario = {
  id: "rooms",
  async run(settings) {
    const others = settings.peers.filter(({ name }) => /^(Bun|Deno, coalesced)/.test(name));
    const peers = [parley(), ...others];
    const trials = new Trials(settings, [
      {
        name: MANY,
        load: { members: 10_000, senders: 1_000, rooms: 1_000, window: 1 },
        peers,
        figures: loadFigures,
      },
      { name: SMALL, load: { members: 10, senders: 1, window: 1 }, peers, figures: loadFigures },
      { name: BUSY, load: { members: 10, senders: 1, window: 16 }, peers, figures: loadFigures },
      { name: LARGE, load: { members: 100, senders: 10, window: 16 }, peers, figures: loadFigures },
    ]);
    await trials.run(3);
    const at = (trial: string) => ({ peer: "Parley", trial });
    return {
      id: "rooms",
      title: "1,000 rooms",
      about:
        "One sender in each of 1,000 rooms of ten people, against one room. In a small room a message's own cost (parsing, storing, encoding) is shared by ten deliveries only, and with one message in flight each delivery is a frame and a call of the system of its own.",
      figures: figuresOf("deliveries", "messages", "p50", "p99", "cpuPerDelivery", "cpuPerMessage"),
      rows: trials.rows,
      ratios: [
        ...trials.ratio("cpuPerDelivery", at(MANY), at(SMALL), { atMost: 1 }),
        ...trials.ratio("deliveries", at(MANY), at(SMALL), { atLeast: 1 }),
        ...trials.ratio("cpuPerDelivery", at(MANY), at(BUSY)),
        ...trials.ratio("cpuPerDelivery", at(MANY), at(LARGE)),
        ...others.flatMap(({ name }) =>
          trials.ratio("deliveries", at(MANY), { peer: name, trial: MANY })
        ),
      ],
      skipped: trials.skipped,
    };
  },
};
