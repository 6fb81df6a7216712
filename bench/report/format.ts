/** A round number, as axes and aims have it: `4 M`, `150 k`, `950`, `1.2`. */
export function number(value: number): string {
  return scaled(value, (value) => value.toLocaleString("en", { maximumSignificantDigits: 3 }));
}

/** {@linkcode number} with its unit: `2 s`, `5 M/s`. */
export function withUnit(value: number, unit: string): string {
  return append(value, unit, number);
}

/** What was measured, to three digits, zeros too: `3.90 M/s`, `0.410 ms`, `12,345 KiB`. */
export function measured(value: number, unit: string): string {
  return append(value, unit, (value) => scaled(value, threeDigits));
}

function append(value: number, unit: string, show: (value: number) => string): string {
  if (unit === "" || unit.startsWith("/")) return show(value) + unit;
  // Thousands of milliseconds or bytes have names of their own: those are not for `k`.
  const text = Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString("en") : show(value);
  return `${text} ${unit}`;
}

function scaled(value: number, show: (value: number) => string): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${show(value / 1e6)} M`;
  if (size >= 9_995) return `${show(value / 1e3)} k`;
  if (size >= 1_000) return Math.round(value).toLocaleString("en");
  return show(value);
}

function threeDigits(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 99.95) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
