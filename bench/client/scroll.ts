/**
 * How a long room scrolls: a browser goes from the end of 100,000 messages to the first one and back by wheel, in big
 * steps, and this says how many frames it drew, what held it up, and what it holds.
 *
 *     deno run --allow-all bench/client/scroll.ts [--messages 100000]
 *
 * Needs Chromium. Takes some minutes, all of which are spent scrolling.
 *
 * @module
 */
import type { CDPSession, Page } from "playwright-core";
import { DESKTOP, launchBrowser } from "../../tests/helpers/browser.ts";
import { fillRoom, textAt } from "../../tests/helpers/long_room.ts";
import { ServerProcess, TemporaryFolder } from "../../tests/helpers/process.ts";

/** How far a turn of the wheel goes, in pixels, and how long until the next one, in milliseconds. */
const STEP = { pixels: 1_600, everyMs: 40 };
/** The events of a trace that count: tasks, and the names of threads. */
const KEPT = { "ThreadControllerImpl::RunTask": true, thread_name: true };
/** How long one way may take, in milliseconds. */
const LATE_MS = 15 * 60_000;

const asked = Deno.args.indexOf("--messages");
const messages = asked < 0 ? 100_000 : Number(Deno.args[asked + 1]);

/** What the page saw of one way. Times are in milliseconds. */
interface Way {
  readonly frames: readonly number[];
  /** How long each long task took. */
  readonly longTasks: readonly number[];
  /** How much of the processor each task of the page's thread used: that is the page's own part, on a busy machine too. */
  readonly used: readonly number[];
  readonly mostArticles: number;
  readonly tookMs: number;
}

using folder = new TemporaryFolder();
await fillRoom(`${folder.path}/parley.db`, messages, Date.now());
await using server = await ServerProcess.listening({
  settings: { ...folder.store, PARLEY_ISOLATES: "1" },
  lifetimeMs: 3 * LATE_MS,
});
const browser = await launchBrowser();
try {
  const context = await browser.newContext({ ...DESKTOP, locale: "en-GB" });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(`${server.url}/?user=Alice`);
  await page.getByText(textAt(messages), { exact: true }).waitFor();

  const up = await scroll(page, session, -1, () => reachedStart(page));
  const back = await scroll(page, session, 1, () => reachedEnd(page));
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  console.log(`${messages.toLocaleString("en")} messages at 1280x800, by wheel\n`);
  console.log(describe("to the start", up));
  console.log(describe("to the end", back));
  console.log(`JS heap afterwards   ${(usedSize / 2 ** 20).toFixed(1)} MiB`);
} finally {
  await browser.close();
}

/** Turns the wheel until somebody is there. */
async function scroll(
  page: Page,
  session: CDPSession,
  direction: 1 | -1,
  arrived: () => Promise<boolean>,
): Promise<Way> {
  await page.evaluate(watch);
  const trace = await traceTasks(session);
  const began = performance.now();
  for (let turn = 0; performance.now() - began < LATE_MS; turn++) {
    await session.send("Input.dispatchMouseEvent", {
      type: "mouseWheel",
      x: 640,
      y: 400,
      deltaX: 0,
      deltaY: direction * STEP.pixels,
    });
    await new Promise((resolve) => setTimeout(resolve, STEP.everyMs));
    if (turn % 10 === 0 && await arrived()) {
      const tookMs = performance.now() - began;
      const seen = await page.evaluate("scrolled()") as Omit<Way, "tookMs" | "used">;
      return { ...seen, used: await trace(), tookMs };
    }
  }
  throw new Error(`The page did not arrive within ${LATE_MS / 60_000} minutes`);
}

/** Notes in the page each frame, each long task and how many messages there are, until `scrolled()` asks. */
function watch(): void {
  // deno-lint-ignore no-explicit-any
  const { document, PerformanceObserver, requestAnimationFrame } = globalThis as any;
  const frames: number[] = [];
  const longTasks: number[] = [];
  let mostArticles = 0;
  let last: number | undefined;
  let running = true;
  const observer = new PerformanceObserver((list: { getEntries(): { duration: number }[] }) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: "longtask" });
  const frame = (now: number) => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    mostArticles = Math.max(mostArticles, document.getElementsByTagName("article").length);
    if (running) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Object.assign(globalThis, {
    scrolled() {
      running = false;
      observer.disconnect();
      return { frames, longTasks, mostArticles };
    },
  });
}

/** An event of Chromium's trace. Times are in microseconds; `tdur` is that of the processor. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Begins to trace, and answers what ends it and tells the tasks of the page's thread. */
async function traceTasks(session: CDPSession): Promise<() => Promise<number[]>> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: unknown[] }) => {
    for (const event of value as TraceEvent[]) if (event.name in KEPT) events.push(event);
  };
  session.on("Tracing.dataCollected", collect as never);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { recordMode: "recordContinuously", includedCategories: ["toplevel"] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await complete;
    session.off("Tracing.dataCollected", collect as never);
    const threads = events.filter(({ args }) => args.name === "CrRendererMain");
    const usedBy = threads.map(({ pid, tid }) =>
      events.filter((event) => event.pid === pid && event.tid === tid && event.tdur !== undefined)
        .map(({ tdur = 0 }) => tdur / 1_000)
    );
    // Others may idle beside it.
    return usedBy.sort((one, other) => sum(other) - sum(one))[0] ?? [];
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function reachedStart(page: Page): Promise<boolean> {
  return page.getByText("This is where the conversation begins.").isVisible();
}

function reachedEnd(page: Page): Promise<boolean> {
  return page.getByText(textAt(messages), { exact: true }).isVisible();
}

function describe(way: string, { frames, longTasks, mostArticles, tookMs, used }: Way): string {
  const sorted = [...frames].sort((a, b) => a - b);
  const fps = (share: number) => (1_000 / sorted[Math.floor(share * (sorted.length - 1))]!);
  return [
    `${way.padEnd(20)} ${(tookMs / 1_000).toFixed(0)} s, ${frames.length} frames`,
    `  frames a second    p50 ${fps(0.5).toFixed(0)}, p5 ${fps(0.95).toFixed(0)}, worst ${
      fps(1).toFixed(0)
    }`,
    `  tasks over 50 ms   ${longTasks.length}, longest ${Math.max(0, ...longTasks).toFixed(0)} ms`,
    `  of the processor   ${used.filter((ms) => ms > 50).length} used over 50 ms of it, most ${
      used.reduce((most, ms) => Math.max(most, ms), 0).toFixed(0)
    } ms`,
    `  messages in the tree, at most  ${mostArticles}`,
  ].join("\n");
}
