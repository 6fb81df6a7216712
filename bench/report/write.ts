import { totalmem } from "node:os";
import type { Machine, ScenarioResult } from "../scenarios/result.ts";
import { drawBars } from "./bars.ts";
import { drawGrowth } from "./growth.ts";
import { drawLatency } from "./latency.ts";
import { assignColours } from "./palette.ts";
import { type Chart, writeSvg } from "./svg.ts";
import { figuresTable, ratiosTable, versionsTable } from "./tables.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const BEGIN = "<!-- bench -->";
const END = "<!-- /bench -->";

const SKELETON = `# Performance

What Parley does on one machine, and what others do on the same one. \`deno task bench\` measures it all, draws the charts and writes what stands between the marks of this page.

${BEGIN}

${END}
`;

/**
 * Writes what was measured into `performance.md` and `charts/` of a folder: that of the documents, if no other is named.
 *
 * Must run where it was measured, since it looks up the memory. Throws if the page has no place for it.
 */
export async function writeReport(
  results: readonly ScenarioResult[],
  machine: Machine,
  docs: URL = DOCS,
): Promise<void> {
  await Deno.mkdir(new URL("charts/", docs), { recursive: true });
  const colour = assignColours(results);
  const page = new URL("performance.md", docs);
  const sections = [describeMachine(machine)];
  const written = [page];
  for (const result of results) {
    const charts = [
      [result.id, drawBars(result)],
      [`${result.id}-growth`, drawGrowth(result, colour)],
      [`${result.id}-latency`, drawLatency(result, colour)],
    ] as const;
    const images: string[] = [];
    for (const [name, chart] of charts) {
      if (!chart) continue;
      const file = new URL(`charts/${name}.svg`, docs);
      await Deno.writeTextFile(file, writeSvg(chart));
      written.push(file);
      images.push(image(name, chart));
    }
    sections.push(section(result, images));
  }
  await replaceSection(page, sections.join("\n\n"));
  await format(written);
}

function section(result: ScenarioResult, images: readonly string[]): string {
  const { title, about, rows, ratios, skipped } = result;
  return [
    `### ${title}`,
    about,
    ...images,
    ...(rows.length > 0 ? [figuresTable(result)] : []),
    ...(ratios.length > 0 ? [ratiosTable(ratios)] : []),
    ...skipped.map(({ peer, why }) => `${peer} was left out: ${why.replace(/\.?$/, ".")}`),
  ].join("\n\n");
}

function image(name: string, { title }: Chart): string {
  return `![${title}](charts/${name}.svg)`;
}

function describeMachine({ processor, system, versions, load, date, quick }: Machine): string {
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  const [before, after] = load.map((value) => value.toFixed(1));
  return [
    "## Measured",
    `On ${date}, on ${processor} with ${memory} GiB of memory, ${system}. The load generator runs on the same machine (load average before and after: ${before} and ${after}). Figures are medians of several runs, in which the servers took turns; in brackets stand the least and the most.`,
    ...(quick
      ? ["**The runs were short ones, which are good for a look and not for print.**"]
      : []),
    versionsTable(versions),
  ].join("\n\n");
}

/** Puts text between the marks of a page, and makes the page if there is none. */
async function replaceSection(page: URL, section: string): Promise<void> {
  const text = await Deno.readTextFile(page).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return SKELETON;
    throw error;
  });
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(
      `Cannot write the figures as ${page.pathname} has no ${BEGIN} with ${END} after it`,
    );
  }
  const before = text.slice(0, begin + BEGIN.length);
  await Deno.writeTextFile(page, `${before}\n\n${section}\n\n${text.slice(end)}`);
}

/** Formats what was written as the gate wants it, charts too. */
async function format(files: readonly URL[]): Promise<void> {
  const args = ["fmt", "-q", ...files.map((file) => file.pathname)];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(`Cannot format the report: ${new TextDecoder().decode(stderr)}`);
}
