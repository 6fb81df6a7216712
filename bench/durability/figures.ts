import { cpus, release } from "node:os";
import { SqliteConnection } from "../../lib/store/sqlite_connection.ts";
import type { Reading } from "./reading.ts";
import { MISSED } from "./reading.ts";
import { median } from "./statistics.ts";
import type { Run, Trial } from "./throughput.ts";

const DOCUMENT = new URL("../../docs/durability.md", import.meta.url);
const BEGIN = "<!-- figures: `deno task bench:durability` writes them -->";
const END = "<!-- end of the figures -->";

/** All that was measured. */
export interface Figures {
  /** Each load and how the server did under it. */
  readonly trials: readonly (readonly [Trial, readonly Run[]])[];
  /** How long reading took. */
  readonly reading: Reading;
  /** How many programs wanted a processor meanwhile, on an average over a minute, before and after. */
  readonly load: readonly number[];
}

/** Writes the figures as Markdown, with the machine and the versions that they are true of. */
export function show({ trials, reading, load }: Figures): string {
  const { recoveryMs, longPageMs, shortPageMs } = reading;
  return [
    `${machine()}. ${versions()}. The load generator is a process of its own on the same machine`,
    `(load average before and after: ${load.map((value) => value.toFixed(1)).join(" and ")}).`,
    "",
    "| 100 senders in ten rooms | acknowledged/s | ack p50 | ack p99 | longest hold of the loop | processor time a message |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...trials.map(([{ name }, runs]) => row(name, runs)),
    "",
    "| reading | median |",
    "| --- | ---: |",
    `| Coming back and recovering ${MISSED} missed messages, from the opening of the socket | ${
      ms(recoveryMs)
    } |`,
    `| A page of 50 from a room of a million messages | ${ms(longPageMs)} |`,
    `| A page of 50 from a room of a thousand messages | ${ms(shortPageMs)} |`,
  ].join("\n");
}

/** Puts what {@linkcode show} wrote into the document. */
export async function write(shown: string): Promise<void> {
  const text = await Deno.readTextFile(DOCUMENT);
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]];
  if (before === undefined || after === undefined) {
    throw new Error(`Cannot write the figures as ${DOCUMENT.pathname} has no place for them`);
  }
  await Deno.writeTextFile(DOCUMENT, `${before}${BEGIN}\n\n${shown}\n\n${END}${after}`);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", DOCUMENT.pathname] }).output();
}

/** The median of the runs and the best of them: what else the machine does only takes away. */
function row(name: string, runs: readonly Run[]): string {
  const cell = (key: keyof Run, format: (value: number) => string) => {
    const values = runs.map((run) => run[key]);
    const best = key === "perSecond" ? Math.max(...values) : Math.min(...values);
    return `${format(median(values))} (${format(best)})`;
  };
  const cells = [
    cell("perSecond", count),
    cell("ackP50Ms", ms),
    cell("ackP99Ms", ms),
    cell("heldMs", ms),
    cell("cpuUs", (value) => `${count(value)} µs`),
  ];
  return `| ${[name, ...cells].join(" | ")} |`;
}

function machine(): string {
  const all = cpus();
  return `${all.length} cores of ${all[0]?.model.trim() ?? "an unknown processor"}`;
}

function versions(): string {
  using db = new SqliteConnection(":memory:");
  const { version } = db.prepare("SELECT sqlite_version() AS version").get()!;
  return `${Deno.build.os} ${release()}, Deno ${Deno.version.deno}, SQLite ${version}`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
