import { Site } from "./site.ts";

/** How many messages the room has: more than a page shows at first. */
const MESSAGES = 200;
/** How long the browser may go on with what it asks for by itself, in milliseconds. */
const SETTLE_MS = 1_500;

/** What a load takes. */
export interface Loading {
  /** Bytes that came over the network on the first load, with their headers, in KiB; without the socket's. */
  readonly firstKib: number;
  /** Requests of the first load. */
  readonly requests: number;
  /** The median time until the page can be used on the first load, in milliseconds. */
  readonly firstMs: number;
  /** The median of later loads, once the browser keeps the page, in milliseconds. */
  readonly laterMs: number;
}

/** Loads the page in new browsers, each twice. */
export async function measureLoading(
  { runs, slowDown }: { runs: number; slowDown: number },
): Promise<Loading> {
  await using site = await Site.open(MESSAGES);
  const firstMs: number[] = [];
  const laterMs: number[] = [];
  const bytes: number[] = [];
  let requests = 0;
  // The first one makes what the server makes once: it is not counted.
  for (let run = 0; run <= runs; run++) {
    await using visitor = await site.newcomer();
    let received = 0;
    let count = 0;
    await visitor.tools.send("Network.enable");
    visitor.tools.on("Network.loadingFinished", ({ encodedDataLength }) => {
      received += encodedDataLength;
      count++;
    });
    const first = await visitor.load(slowDown);
    await visitor.page.waitForTimeout(SETTLE_MS);
    const total = received;
    const asked = count;
    await visitor.page.evaluate(`navigator.serviceWorker.ready`);
    await visitor.page.waitForTimeout(SETTLE_MS);
    const later = await visitor.load(slowDown);
    if (run === 0) continue;
    firstMs.push(first);
    laterMs.push(later);
    bytes.push(total);
    requests = asked;
  }
  return {
    firstKib: median(bytes) / 1024,
    requests,
    firstMs: median(firstMs),
    laterMs: median(laterMs),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
