import { assertEquals } from "@std/assert";
import { createMetrics } from "../../lib/http/metrics.ts";
import { Meter } from "../../lib/meter.ts";

/** The samples of a scrape, without comments and the label that all share. */
async function scrape(render: () => Response): Promise<string[]> {
  const text = await render().text();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/,?instance="i1"/, "").replace("{}", ""));
}

const CASES: readonly [name: string, change: (meter: Meter) => void, samples: string[]][] = [
  ["nothing happened", () => {}, [
    "parley_rooms 2",
    "parley_frames_in_total 0",
    "parley_changes_total 0",
    "parley_deliveries_total 0",
    "parley_append_seconds_count 0",
  ]],
  ["plain numbers are shown", (meter) => {
    meter.framesIn += 3;
    meter.changes += 4;
    meter.deliveries += 5;
    meter.drops += 6;
  }, [
    "parley_frames_in_total 3",
    "parley_changes_total 4",
    "parley_deliveries_total 5",
    "parley_drops_total 6",
  ]],
  ["connections go up and down by mode", ({ connections }) => {
    connections.add("v1");
    connections.add("v1");
    connections.add("plain");
    connections.add("v1", -1);
    connections.add("plain", -1);
  }, ['parley_connections{mode="v1"} 1', 'parley_connections{mode="plain"} 0']],
  ["closes are told by code", ({ closes }) => {
    closes.add(1000);
    closes.add(4000);
    closes.add(1000);
  }, ['parley_closes_total{code="1000"} 2', 'parley_closes_total{code="4000"} 1']],
  ["what waits for slow readers is shown", ({ waiting }) => {
    waiting.openBytes = 7;
    waiting.closingBytes = 8;
    waiting.congestedPeers = 9;
  }, [
    'parley_waiting_bytes{socket="open"} 7',
    'parley_waiting_bytes{socket="closing"} 8',
    "parley_congested_peers 9",
  ]],
  ["appends are told by how long they took", ({ onAppend }) => {
    onAppend(0.0004);
    onAppend(0.003);
  }, [
    'parley_append_seconds_bucket{le="0.0005"} 1',
    'parley_append_seconds_bucket{le="0.0025"} 1',
    'parley_append_seconds_bucket{le="0.005"} 2',
    "parley_append_seconds_count 2",
  ]],
];

for (const [name, change, samples] of CASES) {
  Deno.test(`metrics: ${name}`, async () => {
    const meter = new Meter();
    const render = createMetrics("i1", meter, () => 2);
    change(meter);
    const shown = await scrape(render);
    assertEquals(samples.filter((sample) => !shown.includes(sample)), [], shown.join("\n"));
  });
}

Deno.test("metrics: a second scrape does not count twice", async () => {
  const meter = new Meter();
  const render = createMetrics("i1", meter, () => 0);
  meter.framesIn = 3;
  meter.closes.add(1000);
  const counted = async () => (await scrape(render)).filter((line) => /frames|closes/.test(line));
  assertEquals(await counted(), await counted());
});

Deno.test("metrics: two instances count apart, under their own names", async () => {
  const [one, two] = [new Meter(), new Meter()];
  createMetrics("i1", one, () => 0);
  const render = createMetrics("i2", two, () => 0);
  one.framesIn = 1;
  two.framesIn = 2;
  assertEquals(
    /^parley_frames_in_total.*$/m.exec(await render().text())?.[0],
    'parley_frames_in_total{instance="i2"} 2',
  );
});

Deno.test("metrics: memory is shown", async () => {
  const shown = await scrape(createMetrics("i1", new Meter(), () => 0));
  for (const kind of ["resident", "heap"]) {
    const bytes = shown.find((line) => line.startsWith(`parley_memory_bytes{kind="${kind}"}`));
    assertEquals(Number(bytes?.split(" ")[1]) > 1_000_000, true, bytes);
  }
});

Deno.test("metrics: a scrape is in the Prometheus text format and never stored", () => {
  const { headers } = createMetrics("i1", new Meter(), () => 0)();
  assertEquals(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assertEquals(headers.get("cache-control"), "no-store");
});
