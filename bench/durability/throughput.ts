import { ProbedServer } from "./probed_server.ts";
import { type Load, Senders } from "./senders.ts";
import { median, quantile } from "./statistics.ts";

const WARM_UP_MS = 1_500;
const RUN_MS = 2_000;
const RUNS = 7;

/** A load, and the server that bears it. */
export interface Trial {
  /** What it is, for a reader. */
  readonly name: string;
  /** How people send. */
  readonly load: Load;
  /** Whether each commit takes 5 ms. */
  readonly slowDisk: boolean;
}

/** How the server did in one run. */
export interface Run {
  /** Messages that were acknowledged in a second. */
  readonly perSecond: number;
  /** How long an acknowledgement took, in milliseconds: half of them, and all but one in a hundred. */
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  /** The longest hold of the event loop, in milliseconds. */
  readonly heldMs: number;
  /** Processor time of the server for a message, in microseconds. */
  readonly cpuUs: number;
}

/** Lets people send for a while, several times, and measures on both sides. */
export async function measureThroughput({ load, slowDisk }: Trial): Promise<Run[]> {
  // The 5 ms take the place of the wait for this machine's own disk.
  const settings: Record<string, string> = slowDisk
    ? { PARLEY_BENCH_SLOW_DISK: "1", PARLEY_SQLITE_SYNC: "normal" }
    : {};
  await using server = await ProbedServer.start(settings);
  using senders = await Senders.join(server.ws, load);
  senders.start();
  await senders.measure(WARM_UP_MS);
  const runs: Run[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await measureOnce(server, senders));
  return runs;
}

async function measureOnce(server: ProbedServer, senders: Senders): Promise<Run> {
  const before = await server.probe();
  const { ackMs, perSecond } = await senders.measure(RUN_MS);
  const after = await server.probe();
  return {
    perSecond,
    ackP50Ms: median(ackMs),
    ackP99Ms: quantile(ackMs, 0.99),
    heldMs: after.heldMs,
    cpuUs: (after.cpuMs - before.cpuMs) / ackMs.length * 1000,
  };
}
