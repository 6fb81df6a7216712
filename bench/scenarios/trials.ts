import { median } from "../durability/statistics.ts";
import { generate, type Load } from "../load/generate.ts";
import type { Outcome } from "../load/plan.ts";
import type { Peer } from "../peers/peer.ts";
import { LOAD_FIGURES } from "./figures.ts";
import type { LatencyCurve, Ratio, Row } from "./result.ts";
import type { Settings } from "./scenario.ts";

/** Those of the peers that lie so far off that more runs would only show it again. */
export const FAR_OFF: readonly string[] = ["Deno, plain loop", "ws", "Socket.IO", "FastAPI"];
/** How often they are run. */
const FEW = 2;

/** Figures of one run, by their keys. */
export type Figures = Readonly<Record<string, number>>;

/** A load, and on whom it is let loose. */
export interface Trial {
  readonly name?: string;
  readonly load: Load;
  readonly peers: readonly Peer[];
  /** Reads the figures off what came of it. */
  readonly figures: (outcome: Outcome) => Figures;
}

/** A server in a trial, by their names. */
export interface Place {
  readonly peer: string;
  readonly trial?: string;
}

/** One server in one trial. */
interface Entry {
  readonly trial: Trial;
  readonly peer: Peer;
  readonly outcomes: Outcome[];
}

/** Lets servers bear loads in turn, several times over, each time freshly started. */
export class Trials {
  /** Those who were left out, and why. */
  readonly skipped: { readonly peer: string; readonly why: string }[] = [];
  readonly #settings: Settings;
  readonly #entries: Entry[];

  constructor(settings: Settings, trials: readonly Trial[]) {
    this.#settings = settings;
    this.#entries = trials.flatMap((trial) =>
      trial.peers.map((peer) => ({ trial, peer, outcomes: [] }))
    );
  }

  /** Runs all of them so many times, or once for a look. Of those that lie far off a few runs are enough. */
  async run(times: number, { farOff = [] }: { farOff?: readonly string[] } = {}): Promise<void> {
    for (let run = 0; run < (this.#settings.quick ? 1 : times); run++) {
      for (const entry of this.#entries) {
        const { name } = entry.peer;
        const isEnough = run >= FEW && farOff.includes(name);
        const isOut = this.skipped.some(({ peer }) => peer === name);
        if (!isEnough && !isOut) await this.#runOnce(entry);
      }
    }
  }

  /** The medians, in the order of the trials. */
  get rows(): Row[] {
    return this.#measured.map(({ trial, peer, outcomes }) => {
      const runs = outcomes.map(trial.figures);
      return { peer: peer.name, case: trial.name, figures: medians(runs), runs };
    });
  }

  /** How long deliveries took: the median of the runs at each share. */
  get latency(): LatencyCurve[] {
    return this.#measured.map(({ trial, peer, outcomes }) => {
      const curves = outcomes.map(({ load }) => load?.latency ?? []);
      const shares = curves[0]!.map(([share]) => share);
      const quantiles = shares.map((share, index) =>
        [share, median(curves.map((curve) => curve[index]![1]))] as const
      );
      return { peer: peer.name, case: trial.name, quantiles };
    });
  }

  /** The median of one figure of a server over that of another, if both were measured. */
  ratio(figure: string, of: Place, to: Place, aim?: Ratio["aim"]): Ratio[] {
    const [mine, theirs] = [this.median(figure, of), this.median(figure, to)];
    if (mine === undefined || theirs === undefined) return [];
    const what = LOAD_FIGURES.find(({ key }) => key === figure)?.label ?? figure;
    return [{ label: `${what}: ${compare(of, to)}`, figure, value: mine / theirs, aim }];
  }

  /** The median of one figure, if it was measured. */
  median(figure: string, { peer, trial }: Place): number | undefined {
    return this.rows.find((row) => row.peer === peer && row.case === trial)?.figures[figure];
  }

  get #measured(): Entry[] {
    return this.#entries.filter(({ outcomes }) => outcomes.length > 0);
  }

  async #runOnce({ trial, peer, outcomes }: Entry): Promise<void> {
    try {
      const outcome = await loose(peer, trial.load, this.#settings.versions);
      outcomes.push(outcome);
      console.log(
        `  ${peer.name}${trial.name ? `, ${trial.name}` : ""}: ${show(trial.figures(outcome))}`,
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      console.error(`  ${peer.name} IS LEFT OUT: ${why}`);
      this.skipped.push({ peer: peer.name, why });
      // A bench that could not measure what it is there for has failed.
      if (peer.name.startsWith("Parley")) Deno.exitCode = 1;
    }
  }
}

async function loose(peer: Peer, load: Load, versions: Map<string, string>): Promise<Outcome> {
  const port = freePort();
  const running = await peer.start(port);
  try {
    versions.set(peer.name, running.version);
    return await generate({ port, dialect: peer.dialect, running }, load);
  } finally {
    await running.stop();
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function medians(runs: readonly Figures[]): Figures {
  return Object.fromEntries(
    Object.keys(runs[0]!).map((key) => [key, median(runs.map((run) => run[key]!))]),
  );
}

function compare(of: Place, to: Place): string {
  if (of.trial === to.trial) return `${of.peer} / ${to.peer}${of.trial ? `, ${of.trial}` : ""}`;
  if (of.peer === to.peer) return `${of.peer}, ${of.trial} / ${to.trial}`;
  return `${of.peer}, ${of.trial} / ${to.peer}, ${to.trial}`;
}

function show(figures: Figures): string {
  const short = (value: number) =>
    value < 1000 ? value.toPrecision(3) : Math.round(value).toLocaleString("en");
  return Object.entries(figures).map(([key, value]) => `${key} ${short(value)}`).join(", ");
}
