import type { Growth, ScenarioResult } from "../scenarios/result.ts";
import { drawCurves, PANEL_HEIGHT } from "./curves.ts";
import { number } from "./format.ts";
import { linear, logarithmic, spreadWide } from "./scale.ts";
import type { Chart } from "./svg.ts";

/** Draws how a cost grows with a size, or nothing if that was not measured. */
export function drawGrowth(
  { title, growth = [] }: ScenarioResult,
  colour: (peer: string) => number,
): Chart | undefined {
  const shown = growth.filter(({ series }) => series.some(({ points }) => points.length > 1));
  if (shown.length === 0) return undefined;
  return {
    title,
    subtitle: "Less is better, and flat is best. The vertical axis starts at zero.",
    desc: shown.map(describe).join(" "),
    body: shown.map((one, index) => drawPanel(one, colour, index * PANEL_HEIGHT)).join("\n"),
    height: shown.length * PANEL_HEIGHT,
  };
}

function drawPanel(
  { xLabel, yLabel, series }: Growth,
  colour: (peer: string) => number,
  top: number,
): string {
  const points = series.flatMap(({ points }) => points);
  const sizes = points.map(([size]) => size);
  const wide = spreadWide(sizes);
  const x = {
    label: wide ? `${xLabel} (logarithmic)` : xLabel,
    scale: wide ? logarithmic(Math.min(...sizes), Math.max(...sizes)) : linear(Math.max(...sizes)),
    tick: number,
  };
  const y = { label: yLabel, scale: linear(Math.max(...points.map(([, y]) => y))), tick: number };
  return drawCurves(x, y, series.map((one) => ({ ...one, colour: colour(one.peer) })), top);
}

function describe({ xLabel, yLabel, series }: Growth): string {
  const curves = series.map(({ peer, points }) =>
    `${peer}: ${points.map(([x, y]) => `${number(y)} at ${number(x)}`).join(", ")}.`
  );
  return `${yLabel} by ${xLabel}. ${curves.join(" ")}`;
}
