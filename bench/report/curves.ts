import type { Scale } from "./scale.ts";
import { curve, line, MARGIN, text, WIDTH } from "./svg.ts";

const LEFT = 76;
/** Room for the names at the ends of the curves. */
const RIGHT = WIDTH - MARGIN - 140;
const HEIGHT = 260;
const TOP = 34;
const BOTTOM = 48;
/** How far apart the names of two curves stand at least. */
const LABEL = 16;

/** How high a panel is, with its labels and the space under them. */
export const PANEL_HEIGHT = TOP + HEIGHT + BOTTOM + 16;

/** An axis with its name and the words for its ticks. */
export interface Axis {
  readonly label: string;
  readonly scale: Scale;
  readonly tick: (value: number) => string;
}

/** A server's curve. */
export interface Series {
  readonly peer: string;
  readonly colour: number;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Draws curves over two axes, each named at its end: a legend has to be searched. */
export function drawCurves(x: Axis, y: Axis, series: readonly Series[], top: number): string {
  const place = ([a, b]: readonly [number, number]) =>
    [LEFT + x.scale.at(a) * (RIGHT - LEFT), top + TOP + (1 - y.scale.at(b)) * HEIGHT] as const;
  const drawn = series.filter(({ points }) => points.length > 0)
    .map(({ points, ...rest }) => ({ ...rest, points: points.map(place) }));
  const bottom = top + TOP + HEIGHT;
  return [
    text(MARGIN, top + 14, y.label, "soft"),
    ...y.scale.ticks.flatMap((tick) => {
      const at = bottom - y.scale.at(tick) * HEIGHT;
      return [
        line(LEFT, at, RIGHT, at, tick === y.scale.ticks[0] ? "axis" : "grid"),
        text(LEFT - 8, at + 4, y.tick(tick), "tick", "end"),
      ];
    }),
    ...x.scale.ticks.flatMap((tick) => {
      const at = LEFT + x.scale.at(tick) * (RIGHT - LEFT);
      return [
        line(at, bottom, at, bottom + 5, "axis"),
        text(at, bottom + 19, x.tick(tick), "tick", "middle"),
      ];
    }),
    text((LEFT + RIGHT) / 2, bottom + 40, x.label, "soft", "middle"),
    ...drawn.map(({ points, colour }) => curve(points, colour)),
    ...names(drawn, bottom),
  ].join("\n");
}

/** Names beside the ends of their curves, moved apart where those lie close. */
function names(series: readonly Series[], bottom: number): string[] {
  const labels = series.map(({ peer, colour, points }) => ({ peer, colour, y: points.at(-1)![1] }));
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, index) => {
    const above = labels[index - 1];
    if (above) label.y = Math.max(label.y, above.y + LABEL);
  });
  // From below again, for those that were moved under the axis.
  labels.toReversed().forEach((label, index, reversed) => {
    const below = reversed[index - 1];
    label.y = Math.min(label.y, below ? below.y - LABEL : bottom);
  });
  return labels.map(({ peer, colour, y }) => text(RIGHT + 12, y + 4, peer, `c${colour}`));
}
