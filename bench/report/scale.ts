/** Where values stand on an axis. */
export interface Scale {
  /** The place of a value, from 0 to 1. */
  at(value: number): number;
  /** Values that the axis shows, in order. */
  readonly ticks: readonly number[];
}

/** How far values may spread before a linear axis shows the small ones no more. */
const WIDE = 50;

/** An axis from zero to at least `max`, with about `count` steps of 1, 2 or 5. */
export function linear(max: number, count = 5): Scale {
  const step = roundStep((max || 1) / count);
  const steps = Math.ceil((max || 1) / step - 1e-9);
  const end = steps * step;
  const ticks = Array.from({ length: steps + 1 }, (_, index) => index * step);
  return { at: (value) => value / end, ticks };
}

/** An axis of powers of ten that holds all from `min` to `max`, both above zero. */
export function logarithmic(min: number, max: number): Scale {
  const from = Math.floor(Math.log10(min) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(max) - 1e-9));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return { at: (value) => (Math.log10(value) - from) / (to - from), ticks };
}

/** Whether values, all above zero, spread so far that only a logarithmic axis shows them all. */
export function spreadWide(values: readonly number[]): boolean {
  const min = Math.min(...values);
  return min > 0 && Math.max(...values) / min >= WIDE;
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((factor) => factor * power >= least - 1e-12) ?? 10;
  return factor * power;
}
