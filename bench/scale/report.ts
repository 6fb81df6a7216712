import { cpus, release, totalmem } from "node:os";
import { drawBars } from "../report/bars.ts";
import { drawGrowth } from "../report/growth.ts";
import { assignColours } from "../report/palette.ts";
import { type Chart, writeSvg } from "../report/svg.ts";
import { figuresTable, ratiosTable, versionsTable } from "../report/tables.ts";
import type { Row, ScenarioResult } from "../scenarios/result.ts";
import type { Measured } from "./measure.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const PAGE = new URL("scaling.md", DOCS);
const BEGIN = "<!-- bench:scale -->";
const END = "<!-- /bench:scale -->";

/** What was measured, as Markdown. */
export function showScale(measured: Measured): string {
  const { latency, throughput, costs, versions } = measured;
  const charts = chartsOf(measured);
  return [
    describeMachine(),
    versionsTable(Object.fromEntries(Array.from(versions, withoutCount))),
    ...[latency, throughput, costs].map((result) => section(result, charts)),
  ].join("\n\n");
}

/** Puts {@linkcode showScale} between the marks of `docs/scaling.md`, and its charts into `docs/charts/`. */
export async function writeScale(measured: Measured): Promise<void> {
  await Deno.mkdir(new URL("charts/", DOCS), { recursive: true });
  const written = [PAGE];
  for (const [name, chart] of chartsOf(measured)) {
    const file = new URL(`charts/${name}.svg`, DOCS);
    await Deno.writeTextFile(file, writeSvg(chart));
    written.push(file);
  }
  const text = await Deno.readTextFile(PAGE);
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(
      `Cannot write the figures as docs/scaling.md has no ${BEGIN} with ${END} after it`,
    );
  }
  const before = text.slice(0, begin + BEGIN.length);
  await Deno.writeTextFile(PAGE, `${before}\n\n${showScale(measured)}\n\n${text.slice(end)}`);
  const args = ["fmt", "-q", ...written.map((file) => file.pathname)];
  await new Deno.Command(Deno.execPath(), { args }).output();
}

function chartsOf({ latency, throughput }: Measured): Map<string, Chart> {
  const charts = [
    [latency.id, drawBars({ ...latency, rows: latency.rows.filter(isAboveZero) })],
    [throughput.id, drawGrowth(throughput, assignColours([throughput]))],
  ] as const;
  return new Map(charts.flatMap(([name, chart]) => chart ? [[name, chart]] : []));
}

function withoutCount([name, version]: readonly [string, string]): [string, string] {
  return [name.replace(/ × \d+$/, ""), version];
}

/** A bar begins at zero: what is next to nothing in one run and less than that in another has none. */
function isAboveZero({ runs }: Row): boolean {
  return runs.every(({ added }) => added !== undefined && added > 0);
}

function section(result: ScenarioResult, charts: ReadonlyMap<string, Chart>): string {
  const { id, title, about, ratios, skipped } = result;
  const chart = charts.get(id);
  return [
    `### ${title}`,
    about,
    ...(chart ? [`![${chart.title}](charts/${id}.svg)`] : []),
    figuresTable(result),
    ...(ratios.length > 0 ? [ratiosTable(ratios)] : []),
    ...skipped.map(({ peer, why }) => `${peer} was left out: ${why.replace(/\.?$/, ".")}`),
  ].join("\n\n");
}

const loadBefore = Deno.loadavg()[0]!;

function describeMachine(): string {
  const all = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  const [before, after] = [loadBefore, Deno.loadavg()[0]!].map((load) => load.toFixed(1));
  return `On ${new Date().toISOString().slice(0, 10)}, on ${all.length} cores of ${
    all[0]?.model.trim() ?? "an unknown processor"
  } with ${memory} GiB of memory, ${Deno.build.os} ${release()}. All processes are on this machine, the load generator too (load average before and after: ${before} and ${after}). Figures are medians of three runs, in which the servers took turns, each time freshly started; in brackets stand the least and the most.`;
}
