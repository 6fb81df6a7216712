import { sentence, Site } from "./site.ts";

/** How often a key is pressed, in milliseconds: ten times a second is fast for a person. */
const KEY_MS = 100;
/** What the Event Timing API tells of at the least, in milliseconds; shorter events are only counted. */
const SHORTEST_MS = 16;

/** How the page answers to keys while messages arrive, in milliseconds. */
export interface Input {
  /** Keys that were pressed. */
  readonly keys: number;
  /** From the key until the page hears of it, at the 98th percentile. */
  readonly delayMs: number;
  /** From the key until the frame that shows it, at the 98th percentile. */
  readonly frameMs: number;
}

/** Writes in a room into which messages come. */
export async function measureInput(
  { perSecond, seconds, slowDown }: { perSecond: number; seconds: number; slowDown: number },
): Promise<Input> {
  await using site = await Site.open(50);
  await using visitor = await site.newcomer();
  await visitor.load(slowDown);
  const { page } = visitor;
  await page.evaluate(OBSERVE);
  await page.locator("#message").focus();

  let said = 0;
  const saying = setInterval(() => {
    const [room, text] = ["general", sentence(++said)];
    site.writer.send({ type: "send", room, text, ref: said });
  }, 1000 / perSecond);
  const until = Date.now() + seconds * 1000;
  let keys = 0;
  while (Date.now() < until) {
    await page.keyboard.press("abcdefghij"[keys++ % 10]!);
    await page.waitForTimeout(KEY_MS);
    if (keys % 40 === 0) await page.locator("#message").fill("");
  }
  clearInterval(saying);
  const late: { delay: number; frame: number }[] = await page.evaluate("slowEvents");
  // Those of which nothing is told took less than the shortest of which something is.
  const quick = Array.from({ length: Math.max(0, keys - late.length) }, () => SHORTEST_MS);
  return {
    keys,
    delayMs: percentile([...late.map(({ delay }) => delay), ...quick.map(() => 0)], 0.98),
    frameMs: percentile([...late.map(({ frame }) => frame), ...quick], 0.98),
  };
}

const OBSERVE = `{
  globalThis.slowEvents = [];
  new PerformanceObserver((list) => {
    for (const { duration, name, processingStart, startTime } of list.getEntries()) {
      if (name === "keydown") {
        slowEvents.push({ delay: processingStart - startTime, frame: duration });
      }
    }
  }).observe({ type: "event", durationThreshold: ${SHORTEST_MS} });
}`;

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;
}
