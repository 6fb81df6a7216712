import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Meter, Tally } from "../meter.ts";

/** From a commit to a fast disk (0.2 ms) to a store that is about to be given up, in seconds. */
const APPEND_BUCKETS_S = [
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
];

/**
 * Makes a handler that answers scrapes of what an instance counts, in the Prometheus text format.
 *
 * All series carry the name of the instance; `rooms` tells how many are in memory.
 */
export function createMetrics(
  instance: string,
  meter: Meter,
  rooms: () => number,
): () => Promise<Response> {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  const append = new Histogram({
    name: "parley_append_seconds",
    help: "Time until the store made an append durable",
    buckets: APPEND_BUCKETS_S,
    registers: [registry],
  });
  meter.onAppend = (seconds) => append.observe(seconds);
  const { connections, closes } = meter;
  const one = (read: () => number) => () => [[{}, read()] as const];

  gauge(
    registry,
    "parley_connections",
    "Open sockets",
    () => labelled("mode", connections),
    "mode",
  );
  gauge(registry, "parley_rooms", "Rooms in memory", one(rooms));
  gauge(registry, "parley_memory_bytes", "Memory in use", memory, "kind");
  gauge(
    registry,
    "parley_waiting_bytes",
    "Bytes that wait for peers that read slowly, by whether the socket is open or being closed",
    () => [
      [{ socket: "open" }, meter.waiting.openBytes],
      [{ socket: "closing" }, meter.waiting.closingBytes],
    ],
    "socket",
  );
  gauge(
    registry,
    "parley_congested_peers",
    "Members for whom more than 64 KiB wait",
    one(() => meter.waiting.congestedPeers),
  );
  counter(registry, "parley_frames_in_total", "Frames from clients", one(() => meter.framesIn));
  counter(registry, "parley_changes_total", "Changes made durable", one(() => meter.changes));
  counter(
    registry,
    "parley_deliveries_total",
    "Events handed to members",
    one(() => meter.deliveries),
  );
  counter(
    registry,
    "parley_drops_total",
    "Passing events that slow readers did not get",
    one(() => meter.drops),
  );
  counter(
    registry,
    "parley_closes_total",
    "Closed sockets",
    () => labelled("code", closes),
    "code",
  );

  return async () =>
    new Response(await registry.metrics(), {
      headers: { "content-type": registry.contentType, "cache-control": "no-store" },
    });
}

type Sample = readonly [labels: Record<string, string>, value: number];

function gauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => readonly Sample[],
  ...labelNames: string[]
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      for (const [labels, value] of read()) this.set(labels, value);
    },
  });
}

function counter(
  registry: Registry,
  name: string,
  help: string,
  read: () => readonly Sample[],
  ...labelNames: string[]
): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
}

function labelled<K extends string | number>(label: string, tally: Tally<K>): readonly Sample[] {
  return Array.from(tally.entries(), ([key, value]) => [{ [label]: String(key) }, value] as const);
}

function memory(): readonly Sample[] {
  const { rss, heapUsed } = Deno.memoryUsage();
  return [[{ kind: "resident" }, rss], [{ kind: "heap" }, heapUsed]];
}
