import type { ScenarioResult } from "../scenarios/result.ts";

/** Colours of curves, for a light and a dark ground. The first is Parley's; all have a contrast of 4.5 and more. */
export const CURVES: readonly (readonly [light: string, dark: string])[] = [
  ["#1a5fd0", "#6cb0ff"],
  ["#a8480a", "#f0a94b"],
  ["#0b6f66", "#4fd1c0"],
  ["#7238d6", "#b79cff"],
  ["#b3185a", "#ff8ac0"],
  ["#4a6b0d", "#a9d64d"],
  ["#57606a", "#a3adb8"],
];

/** Whether a server is ours: charts put it in colour, and its peers in grey. */
export function isOwn(peer: string): boolean {
  return peer.startsWith("Parley");
}

/** Gives each server that has a curve the same colour in all charts: an index into {@linkcode CURVES}. */
export function assignColours(results: readonly ScenarioResult[]): (peer: string) => number {
  const names = results.flatMap(({ growth = [], latency = [] }) => [
    ...growth.flatMap(({ series }) => series.map(({ peer }) => peer)),
    ...latency.map(({ peer }) => peer),
  ]);
  const order = [...new Set(["Parley", ...names])];
  return (peer) => order.indexOf(peer) % CURVES.length;
}
