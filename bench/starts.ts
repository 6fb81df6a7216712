import { type ProcessOptions, ServerProcess, TemporaryFolder } from "../tests/helpers/process.ts";
import { POSTGRES } from "../tests/helpers/postgres_server.ts";
import { deployed } from "../tests/faults/deploy_platform.ts";

/** How often each is started. */
const STARTS = 11;

/** What no server can fall below: Deno itself, with nothing and with a server in it. */
const FLOORS = {
  "an empty program": "console.log('http://nobody:0/'); setInterval(() => {}, 1e6);",
  'a server that says "x"': `Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }) => console.log("http://127.0.0.1:" + port + "/"),
  }, () => new Response("x"));`,
};

/** What a start took. */
export interface Start {
  /** From the start of the process to the first byte of the page, in milliseconds; without a page, to the first line. */
  readonly wallMs: number;
  /** The processor time until then, in milliseconds, in hundredths of a second. */
  readonly cpuMs: number;
}

/**
 * Measures starts as on Deno Deploy with each store, beside what Deno itself takes: medians, by what was started.
 *
 * All of them take turns, so that what else the machine does falls on each alike. The first turn fills caches and does not count.
 */
export async function measureStarts(): Promise<ReadonlyMap<string, Start>> {
  using folder = new TemporaryFolder();
  await using postgres = POSTGRES.isInstalled ? await POSTGRES.start() : undefined;
  const stores: Record<string, string | undefined> = {
    "memory:": "memory:",
    "sqlite:": folder.store.PARLEY_STORE,
    "kv:": `kv:${folder.path}/parley.kv`,
    "postgres:": postgres?.url(),
  };
  const started = new Map<string, ProcessOptions>();
  for (const [name, code] of Object.entries(FLOORS)) {
    started.set(name, { ...deployed(), main: `data:text/javascript,${encodeURIComponent(code)}` });
  }
  for (const [name, store] of Object.entries(stores)) {
    if (!store) continue;
    started.set(name, { ...deployed({ PARLEY_STORE: store }), flags: () => ["--allow-all"] });
  }
  const starts = new Map([...started.keys()].map((name) => [name, [] as Start[]]));
  for (let turn = 0; turn <= STARTS; turn++) {
    for (const [name, options] of started) {
      const start = await measureStart(options);
      if (turn > 0) starts.get(name)!.push(start);
    }
  }
  return new Map([...starts].map(([name, all]) => [name, {
    wallMs: median(all.map(({ wallMs }) => wallMs)),
    cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
  }]));
}

async function measureStart(options: ProcessOptions): Promise<Start> {
  const begunAt = performance.now();
  await using server = await ServerProcess.listening(options);
  if (!server.url.endsWith(":0")) {
    const response = await fetch(server.url);
    await response.body!.getReader().read();
  }
  return { wallMs: performance.now() - begunAt, cpuMs: await cpuMs(server.pid) };
}

/** The processor time that a process has taken, in milliseconds. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  // Linux counts in hundredths of a second.
  return (Number(user) + Number(system)) * 10;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
