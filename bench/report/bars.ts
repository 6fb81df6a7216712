import type { Figure, Row, ScenarioResult } from "../scenarios/result.ts";
import { measured, number, withUnit } from "./format.ts";
import { isOwn } from "./palette.ts";
import { linear, type Scale } from "./scale.ts";
import { bar, type Chart, line, MARGIN, text, WIDTH } from "./svg.ts";

const LEFT = 190;
/** Room for the value behind the longest bar. */
const RIGHT = WIDTH - MARGIN - 100;
const BAR = 18;
const PITCH = 26;
const CASE = 26;
const GAP = 18;

/** Draws the first figure of a scenario as bars from zero, or nothing if there is none to compare. */
export function drawBars({ title, figures, rows }: ScenarioResult): Chart | undefined {
  const figure = figures[0];
  const shown = figure ? rows.filter(({ figures }) => figures[figure.key] !== undefined) : [];
  if (!figure || shown.length < 2) return undefined;
  // One scale for all cases: bars of one chart that mean different things mislead.
  const scale = linear(Math.max(...shown.flatMap((row) => spread(row, figure))));
  const cases = Map.groupBy(shown, (row) => row.case ?? "");

  const parts: string[] = [];
  let y = 0;
  for (const [name, group] of cases) {
    if (name) {
      parts.push(text(MARGIN, y + 14, name, "case"));
      y += CASE;
    }
    const bottom = y + group.length * PITCH;
    parts.push(grid(scale, y, bottom));
    for (const row of group) {
      parts.push(drawRow(row, figure, scale, y));
      y += PITCH;
    }
    parts.push(line(LEFT, bottom - group.length * PITCH, LEFT, bottom, "axis"));
    y += GAP;
  }
  parts.push(ticks(scale, figure, y - GAP + 16));
  return {
    title: `${title}: ${figure.label}`,
    subtitle: subtitle(figure, shown),
    desc: describe(cases, figure),
    body: parts.join("\n"),
    height: y,
  };
}

function drawRow(row: Row, figure: Figure, scale: Scale, y: number): string {
  const value = row.figures[figure.key]!;
  const own = isOwn(row.peer);
  const middle = y + PITCH / 2;
  const [least, most] = spread(row, figure);
  const parts = [
    text(LEFT - 10, middle + 4.5, row.peer, own ? "own-text" : "", "end"),
    bar(LEFT, middle - BAR / 2, x(scale, value) - LEFT, BAR, own ? "own" : "other"),
    text(x(scale, most) + 8, middle + 4.5, measured(value, figure.unit), own ? "own-text" : ""),
  ];
  if (most > least) parts.push(line(x(scale, least), middle, x(scale, most), middle, "spread"));
  return parts.join("\n");
}

function grid(scale: Scale, top: number, bottom: number): string {
  return scale.ticks.map((tick) => line(x(scale, tick), top, x(scale, tick), bottom, "grid")).join(
    "\n",
  );
}

function ticks(scale: Scale, { unit }: Figure, y: number): string {
  const last = scale.ticks.length - 1;
  return scale.ticks.map((tick, index) => {
    const label = index === last ? withUnit(tick, unit) : number(tick);
    return text(x(scale, tick), y, label, "tick", "middle");
  }).join("\n");
}

function x(scale: Scale, value: number): number {
  return LEFT + scale.at(value) * (RIGHT - LEFT);
}

/** The least and the most of the runs. */
function spread({ figures, runs }: Row, { key }: Figure): readonly [least: number, most: number] {
  const values = [figures[key], ...runs.map((run) => run[key])].filter((value) =>
    value !== undefined
  );
  return [Math.min(...values), Math.max(...values)];
}

function subtitle({ better }: Figure, rows: readonly Row[]): string {
  const runs = Math.max(...rows.map(({ runs }) => runs.length));
  const good = better === "higher" ? "More is better." : "Less is better.";
  return runs > 1
    ? `${good} Medians of ${runs} runs; the thin line goes from least to most.`
    : good;
}

function describe(cases: ReadonlyMap<string, readonly Row[]>, { key, unit }: Figure): string {
  return [...cases].map(([name, rows]) => {
    const values = rows.map((row) => `${row.peer} ${measured(row.figures[key]!, unit)}`);
    return `${name ? `${name}: ` : ""}${values.join(", ")}.`;
  }).join(" ");
}
