import { parley } from "../parley.ts";
import { figuresOf, loadFigures } from "./figures.ts";
import type { Scenario } from "./scenario.ts";
import { FAR_OFF, Trials } from "./trials.ts";

/** How long a message takes from its sender to everyone while a room talks at ease. */
export const latency: Scenario = {
  id: "latency",
  async run(settings) {
    const trials = new Trials(settings, [{
      load: {
        members: 100,
        senders: 10,
        perSecond: 50,
        measureMs: settings.quick ? 3_000 : 10_000,
      },
      peers: [parley(), ...settings.peers],
      figures: loadFigures,
    }]);
    await trials.run(4, { farOff: FAR_OFF });
    return {
      id: "latency",
      title: "Latency",
      about:
        "50 messages a second to a room of 100, from the sending of a message to each of its deliveries. Parley's is durable (SQLite, FULL) before it is delivered.",
      figures: figuresOf("p50", "p99", "p999", "cpuPerMessage"),
      rows: trials.rows,
      ratios: settings.peers.flatMap(({ name }) =>
        trials.ratio(
          "p50",
          { peer: "Parley" },
          { peer: name },
          name === "Bun publish" ? { atMost: 2 } : undefined,
        )
      ),
      latency: trials.latency,
      skipped: trials.skipped,
    };
  },
};
