import { sentence, Site, type Visitor } from "./site.ts";

/** How many messages are on their way at once. */
const WINDOW = 500;

/** What the page holds, in MiB and elements, before and after many messages. */
export interface Memory {
  readonly messages: number;
  readonly heapBeforeMib: number;
  readonly heapAfterMib: number;
  /** Nodes of the document, after. */
  readonly nodes: number;
}

/** Lets messages pass through a room that is open. */
export async function measureMemory({ messages }: { messages: number }): Promise<Memory> {
  await using site = await Site.open(50);
  await using visitor = await site.newcomer();
  await visitor.load(1);
  const before = await weigh(visitor);
  const { writer } = site;
  for (let n = 0; n < messages; n += WINDOW) {
    for (let ref = n; ref < n + WINDOW; ref++) {
      writer.send({ type: "send", room: "general", text: sentence(ref), ref });
    }
    await writer.next("ack", ({ ref }) => ref === n + WINDOW - 1);
    // A client of the tests keeps all that it hears.
    writer.forget();
  }
  const last = sentence(messages - 1);
  await visitor.page.locator("#log article").filter({ hasText: last }).waitFor();
  const after = await weigh(visitor);
  return {
    messages,
    heapBeforeMib: before.heap / 2 ** 20,
    heapAfterMib: after.heap / 2 ** 20,
    nodes: after.nodes,
  };
}

async function weigh({ tools }: Visitor): Promise<{ heap: number; nodes: number }> {
  await tools.send("HeapProfiler.collectGarbage");
  await tools.send("Performance.enable");
  const { metrics } = await tools.send("Performance.getMetrics");
  const read = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { heap: read("JSHeapUsedSize"), nodes: read("Nodes") };
}
