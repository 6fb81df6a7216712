/** Something that is measured. */
export interface Figure {
  /** The key under which rows hold it. */
  readonly key: string;
  /** What a table's head calls it: `deliveries/s`, `p99`. */
  readonly label: string;
  /** What its values count, to be put behind them: `"/s"`, `"ms"`, `"µs"`, `"s"`, `"KiB"`, `"MiB"`, or `""`. */
  readonly unit: string;
  /** Which way it is good. */
  readonly better: "higher" | "lower";
}

/** How one server did in one case of a scenario. */
export interface Row {
  /** The server, as {@linkcode Peer.name} has it, such as `Parley` or `Bun publish`. */
  readonly peer: string;
  /** The case, if the scenario has several: `100 members, 16 in flight`. */
  readonly case?: string;
  /** Medians of the runs, by {@linkcode Figure.key}. A figure that could not be measured is absent. */
  readonly figures: Readonly<Record<string, number>>;
  /** The same of every run, in order, to show how far they lie apart. */
  readonly runs: readonly Readonly<Record<string, number>>[];
}

/** How two medians of one scenario stand to each other. */
export interface Ratio {
  /** What is compared, as a sentence's subject: `Parley / Bun publish, 100 members, 16 in flight`. */
  readonly label: string;
  /** The key of the {@linkcode Figure}; absent if the ratio is no ratio of two rows' figures. */
  readonly figure?: string;
  /** The first median over the second; or a plain value where the aim is one, with its `unit`. */
  readonly value: number;
  /** Behind the value, if it is not a ratio: `"s"`, `"MiB"`. */
  readonly unit?: string;
  /** What the project wants it to be, if it wants something. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
}

/** A curve over sizes: cost against members, say. The horizontal axis is logarithmic if it spans a factor of 50. */
export interface Growth {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly peer: string;
    /** Pairs of size and value, in order of size. */
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

/** How long deliveries took: the share of them, from 0 to 1, that took at most so many milliseconds. */
export interface LatencyCurve {
  readonly peer: string;
  /** The case of the row, if the scenario has several. */
  readonly case?: string;
  /** Pairs in order of share, such as `[0.5, 0.4], [0.99, 1.2], [0.999, 4]`. */
  readonly quantiles: readonly (readonly [share: number, ms: number])[];
}

/** What came of one scenario: data only, so that tables and charts can be made of it later. */
export interface ScenarioResult {
  /** `fanout`, as it is named on the command line. */
  readonly id: string;
  /** A heading: `Fan-out`. */
  readonly title: string;
  /** The conditions in a sentence or two, for those who read the table. */
  readonly about: string;
  /** The columns of the table, in order; the first is the one to draw as bars. */
  readonly figures: readonly Figure[];
  /** In the order in which cases and servers are to be shown. */
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  readonly growth?: readonly Growth[];
  readonly latency?: readonly LatencyCurve[];
  /** Servers that were left out, and why. */
  readonly skipped: readonly { readonly peer: string; readonly why: string }[];
}

/** What it all was measured on. */
export interface Machine {
  /** `2 cores of AMD EPYC 7B13`. */
  readonly processor: string;
  /** `linux 6.1.0`. */
  readonly system: string;
  /** By name, in the order in which they are to be shown: `Parley` → `Parley 0.1.0, Deno 2.9.6, SQLite 3.50.1`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Programs that wanted a processor, on an average over a minute, before and after. */
  readonly load: readonly [before: number, after: number];
  /** When it was measured: `2026-11-24`. */
  readonly date: string;
  /** Whether the runs were short ones, which are good for a look and not for print. */
  readonly quick: boolean;
}
