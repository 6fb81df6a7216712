import type { Input } from "./input.ts";
import type { Loading } from "./loading.ts";
import type { Memory } from "./memory.ts";

/** All that is measured of the page. */
export interface Figures {
  readonly loading: Loading;
  readonly input: { readonly calm: Input; readonly slow: Input };
  readonly memory: Memory;
}

/** The figures beside the aims, as the lines of a table in Markdown. */
export function table({ loading, input, memory }: Figures): string[] {
  const rows = [
    ["first load, over the network", `${loading.firstKib.toFixed(1)} KiB`, "under 90 KiB"],
    ["first load, requests", `${loading.requests}`, ""],
    ["first load, until it can be used, at 4x CPU slow-down", ms(loading.firstMs), "under 1 s"],
    ["later loads, the same", ms(loading.laterMs), ""],
    ["input delay at 50 messages/s, p98", ms(input.calm.delayMs), "under 50 ms"],
    ["key to frame at 50 messages/s, p98", ms(input.calm.frameMs), ""],
    ["input delay at 50 messages/s, 4x CPU slow-down, p98", ms(input.slow.delayMs), "under 50 ms"],
    ["key to frame at 50 messages/s, 4x CPU slow-down, p98", ms(input.slow.frameMs), ""],
    ["heap at first", mib(memory.heapBeforeMib), ""],
    ["heap after 100,000 messages", mib(memory.heapAfterMib), "under 100 MiB"],
    ["nodes of the document after 100,000 messages", `${memory.nodes}`, ""],
  ];
  return [
    "| what | measured | aim |",
    "|---|--:|--:|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function mib(value: number): string {
  return `${value.toFixed(1)} MiB`;
}
