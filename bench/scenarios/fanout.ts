import { parley } from "../parley.ts";
import { LOAD_FIGURES, loadFigures } from "./figures.ts";
import type { Ratio } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { FAR_OFF, type Trial, Trials } from "./trials.ts";

const SENDERS = 10;
const MEMBERS = [100, 1_000];
const WINDOWS = [16, 1];

/** What Parley is to reach, as a multiple of what others do. */
const AIMS: readonly { peer: string; members: number; window: number; atLeast: number }[] = [
  { peer: "Bun publish", members: 100, window: 16, atLeast: 1.0 },
  { peer: "Bun publish", members: 1_000, window: 16, atLeast: 1.1 },
  { peer: "Bun publish", members: 100, window: 1, atLeast: 0.7 },
  { peer: "Bun publish", members: 1_000, window: 1, atLeast: 0.7 },
  { peer: "Socket.IO", members: 100, window: 16, atLeast: 25 },
  { peer: "FastAPI", members: 100, window: 16, atLeast: 50 },
];

/** How many deliveries a second one room takes. */
export const fanout: Scenario = {
  id: "fanout",
  async run(settings) {
    const trials = new Trials(
      settings,
      MEMBERS.flatMap((members) =>
        WINDOWS.map((window): Trial => ({
          name: nameOf(members, window),
          load: { members, senders: SENDERS, window },
          peers: [parley(), ...settings.peers],
          figures: loadFigures,
        }))
      ),
    );
    await trials.run(5, { farOff: FAR_OFF });
    return {
      id: "fanout",
      title: "Fan-out",
      about:
        `One room; ${SENDERS} of its members send texts of 80 characters, and each sends the next as soon as one of those in flight is acknowledged. Parley stores each message (SQLite, FULL) before; the others store nothing.`,
      figures: LOAD_FIGURES,
      rows: trials.rows,
      ratios: settings.peers.flatMap(({ name }) => ratios(trials, name)),
      latency: trials.latency,
      skipped: trials.skipped,
    };
  },
};

function ratios(trials: Trials, peer: string): Ratio[] {
  return MEMBERS.flatMap((members) =>
    WINDOWS.flatMap((window) => {
      const aim = AIMS.find((aim) =>
        aim.peer === peer && aim.members === members && aim.window === window
      );
      const atLeast = aim && { atLeast: aim.atLeast };
      const trial = nameOf(members, window);
      return trials.ratio("deliveries", { peer: "Parley", trial }, { peer, trial }, atLeast);
    })
  );
}

function nameOf(members: number, window: number): string {
  return `${members.toLocaleString("en")} members, ${window} in flight`;
}
