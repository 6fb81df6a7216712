/** A value of a family, told from the others by its labels. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** What a scrape tells under one name. */
export interface Family {
  /** `[a-z_]+`; of a counter it ends in `_total`. */
  readonly name: string;
  /** What it counts, on one line. */
  readonly help: string;
  /** Whether it also falls, only rises, or is what a {@linkcode Histogram} tells. */
  readonly type: "gauge" | "counter" | "histogram";
  /** Its values at this moment. */
  readonly samples: () => readonly (Sample | HistogramSample)[];
}

/** A value of a {@linkcode Histogram}, with what is put behind the name of the family. */
export type HistogramSample = readonly [...Sample, suffix: string];

/** The media type of what {@linkcode expose} writes. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Counts values by how large they are. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  /** `bounds` rise. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  /** Counts a value. */
  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) this.#counts[bucket]!++;
  }

  /** How many values were up to each bound, how many there were, and their sum. */
  samples(): readonly HistogramSample[] {
    let upTo = 0;
    const buckets = this.#bounds.map((bound, i): HistogramSample => {
      upTo += this.#counts[i]!;
      return [{ le: String(bound) }, upTo, "_bucket"];
    });
    return [
      ...buckets,
      [{ le: "+Inf" }, this.#count, "_bucket"],
      [{}, this.#sum, "_sum"],
      [{}, this.#count, "_count"],
    ];
  }
}

/** Writes families in the text format of Prometheus, 0.0.4; every sample carries the labels of `common` too. */
export function expose(
  families: readonly Family[],
  common: Readonly<Record<string, string>>,
): string {
  return families.map(({ name, help, type, samples }) => {
    const lines = samples().map(([labels, value, suffix = ""]) =>
      `${name}${suffix}{${written({ ...labels, ...common })}} ${value}\n`
    );
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
  }).join("\n");
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function written(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${value.replace(/[\\"\n]/g, (char) => ESCAPES[char]!)}"`)
    .join(",");
}
