import type { Meter, Tally } from "../meter.ts";
import { expose, EXPOSITION_TYPE, type Family, Histogram, type Sample } from "./exposition.ts";

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
): () => Response {
  const append = new Histogram(APPEND_BUCKETS_S);
  meter.onAppend = (seconds) => append.observe(seconds);
  const { connections, closes, waiting } = meter;
  const one = (read: () => number) => (): readonly Sample[] => [[{}, read()]];

  const families: readonly Family[] = [
    {
      name: "parley_append_seconds",
      help: "Time until the store made an append durable",
      type: "histogram",
      samples: () => append.samples(),
    },
    gauge("parley_connections", "Open sockets", () => labelled("mode", connections)),
    gauge("parley_rooms", "Rooms in memory", one(rooms)),
    gauge("parley_memory_bytes", "Memory in use", memory),
    gauge(
      "parley_waiting_bytes",
      "Bytes that wait for peers that read slowly, by whether the socket is open or being closed",
      () => [
        [{ socket: "open" }, waiting.openBytes],
        [{ socket: "closing" }, waiting.closingBytes],
      ],
    ),
    gauge(
      "parley_congested_peers",
      "Members for whom more than 64 KiB wait",
      one(() => waiting.congestedPeers),
    ),
    counter("parley_frames_in_total", "Frames from clients", one(() => meter.framesIn)),
    counter("parley_changes_total", "Changes made durable", one(() => meter.changes)),
    counter("parley_deliveries_total", "Events handed to members", one(() => meter.deliveries)),
    counter(
      "parley_drops_total",
      "Passing events that slow readers did not get",
      one(() => meter.drops),
    ),
    counter("parley_closes_total", "Closed sockets", () => labelled("code", closes)),
  ];

  return () =>
    new Response(expose(families, { instance }), {
      headers: { "content-type": EXPOSITION_TYPE, "cache-control": "no-store" },
    });
}

function gauge(name: string, help: string, samples: () => readonly Sample[]): Family {
  return { name, help, type: "gauge", samples };
}

function counter(name: string, help: string, samples: () => readonly Sample[]): Family {
  return { name, help, type: "counter", samples };
}

function labelled<K extends string | number>(label: string, tally: Tally<K>): readonly Sample[] {
  return Array.from(tally.entries(), ([key, value]) => [{ [label]: String(key) }, value] as const);
}

function memory(): readonly Sample[] {
  const { rss, heapUsed } = Deno.memoryUsage();
  return [[{ kind: "resident" }, rss], [{ kind: "heap" }, heapUsed]];
}
