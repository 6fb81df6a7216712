import type { LatencyCurve, ScenarioResult } from "../scenarios/result.ts";
import { drawCurves, PANEL_HEIGHT } from "./curves.ts";
import { number } from "./format.ts";
import { linear, logarithmic, type Scale, spreadWide } from "./scale.ts";
import type { Chart } from "./svg.ts";

const SHARES = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/** Draws how long deliveries took, or nothing if that was not measured. */
export function drawLatency(
  { title, latency = [] }: ScenarioResult,
  colour: (peer: string) => number,
): Chart | undefined {
  // Nothing is slower than all of them: that share has no place on the axis.
  const curves = latency.map(({ quantiles, ...rest }) => ({
    ...rest,
    quantiles: quantiles.filter(([share]) => share < 1),
  })).filter(({ quantiles }) => quantiles.length > 1);
  if (curves.length === 0) return undefined;
  const cases = [...Map.groupBy(curves, (curve) => curve.case ?? "")];
  return {
    title: `${title}: how long deliveries took`,
    subtitle: "Less is better. The horizontal axis is stretched towards the slowest deliveries.",
    desc: cases.map(([name, group]) => describe(name, group)).join(" "),
    body: cases.map(([name, group], index) => drawPanel(name, group, colour, index * PANEL_HEIGHT))
      .join("\n"),
    height: cases.length * PANEL_HEIGHT,
  };
}

function drawPanel(
  name: string,
  curves: readonly LatencyCurve[],
  colour: (peer: string) => number,
  top: number,
): string {
  const times = curves.flatMap(({ quantiles }) => quantiles.map(([, ms]) => ms));
  const wide = spreadWide(times);
  const unit = wide ? "ms (logarithmic)" : "ms";
  const x = {
    label: "share of deliveries that took at most so long",
    scale: shares(Math.max(...curves.map(({ quantiles }) => quantiles.at(-1)![0]))),
    tick: percent,
  };
  const y = {
    label: name ? `${name}, ${unit}` : unit,
    scale: wide ? logarithmic(Math.min(...times), Math.max(...times)) : linear(Math.max(...times)),
    tick: number,
  };
  const series = curves.map(({ peer, quantiles }) => ({
    peer,
    colour: colour(peer),
    points: quantiles,
  }));
  return drawCurves(x, y, series, top);
}

/** An axis that gives the slowest tenth as much room as all others, and so on: there the people are who wait. */
function shares(last: number): Scale {
  const depth = (share: number) => -Math.log10(1 - share);
  return {
    at: (share) => depth(share) / depth(last),
    ticks: SHARES.filter((share) => share <= last + 1e-9),
  };
}

function describe(name: string, curves: readonly LatencyCurve[]): string {
  const texts = curves.map(({ peer, quantiles }) =>
    `${peer}: ${
      quantiles.filter(([share]) => share > 0 && SHARES.includes(share))
        .map(([share, ms]) => `${percent(share)} within ${number(ms)} ms`).join(", ")
    }.`
  );
  return [name && `${name}.`, ...texts].filter(Boolean).join(" ");
}

/** Not rounded to three digits: 99.99 % are not all. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(7))} %`;
}
