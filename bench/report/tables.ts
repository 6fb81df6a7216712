import type { Figure, Machine, Ratio, Row, ScenarioResult } from "../scenarios/result.ts";
import { measured, number, withUnit } from "./format.ts";

/** A scenario's medians as a Markdown table; of its first figure, the least and the most of the runs too. */
export function figuresTable({ figures, rows }: ScenarioResult): string {
  const cases = rows.some((row) => row.case !== undefined);
  const head = [...(cases ? ["case"] : []), "server", ...figures.map(({ label }) => label)];
  const first = head.length - figures.length;
  return table(
    head,
    first,
    rows.map((row, index) => {
      // A case is named where it begins.
      const named = row.case === rows[index - 1]?.case ? "" : row.case ?? "";
      const cells = figures.map((figure, index) => cell(row, figure, index === 0));
      return [...(cases ? [named] : []), row.peer, ...cells];
    }),
  );
}

/** What was compared, and whether it came out as it should. */
export function ratiosTable(ratios: readonly Ratio[]): string {
  return table(
    ["comparison", "result", "aim", ""],
    1,
    ratios.map(({ label, value, unit, aim }) => [
      label,
      unit === undefined ? `${measured(value, "")} ×` : measured(value, unit),
      aim === undefined ? "" : showAim(aim, unit),
      aim === undefined ? "" : meets(value, aim) ? "met" : "**missed**",
    ]),
  );
}

/** The versions of all that was measured. */
export function versionsTable(versions: Machine["versions"]): string {
  return table(["server", "versions"], 2, Object.entries(versions));
}

function cell({ figures, runs }: Row, { key, label, unit }: Figure, spread: boolean): string {
  const value = figures[key];
  if (value === undefined) return "–";
  // A head such as `deliveries/s` has said it.
  const show = (value: number) => measured(value, unit && label.endsWith(unit) ? "" : unit);
  const values = runs.map((run) => run[key]).filter((value) => value !== undefined);
  if (!spread || values.length < 2) return show(value);
  return `${show(value)} (${show(Math.min(...values))} – ${show(Math.max(...values))})`;
}

function showAim(aim: NonNullable<Ratio["aim"]>, unit: string | undefined): string {
  const [words, value] = "atLeast" in aim ? ["at least", aim.atLeast] : ["at most", aim.atMost];
  return `${words} ${unit === undefined ? `${number(value)} ×` : withUnit(value, unit)}`;
}

function meets(value: number, aim: NonNullable<Ratio["aim"]>): boolean {
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}

/** Columns from `numbers` on are aligned to the right. */
function table(
  head: readonly string[],
  numbers: number,
  rows: readonly (readonly string[])[],
): string {
  const rule = head.map((_, index) => index < numbers ? "---" : "---:");
  return [head, rule, ...rows].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  ).join("\n");
}
