/** The value below which a share of all values lie; `share` is from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError("Cannot tell a quantile of no values");
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
