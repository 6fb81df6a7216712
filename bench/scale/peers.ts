import { PLAIN_JSON } from "../load/dialect.ts";
import { parley } from "../parley.ts";
import type { Peer, RunningPeer } from "../peers/peer.ts";
import { freePort } from "../../tests/helpers/free_port.ts";
import type { Engine } from "./engines.ts";

/** How many instances share an engine. */
export const INSTANCES = [1, 2, 4] as const;

/** On this one no instance is joined to another. */
export const ALONE: Peer = { ...parley(), name: "Parley on SQLite × 1", start: startAlone };
/** Two isolates of one process. */
export const ISOLATES: Peer = {
  ...ALONE,
  name: "Parley on SQLite × 2",
  start: startIsolates,
};

/** Instances of Parley that share an engine, each a process of its own. */
export function cluster(engine: Engine, instances: number): Peer {
  return {
    name: clusterName(engine, instances),
    dialect: PLAIN_JSON,
    start: () => startCluster(engine, instances),
  };
}

/** What {@linkcode cluster} is called. */
export function clusterName({ name }: Pick<Engine, "name">, instances: number): string {
  return `Parley on ${name} × ${instances}`;
}

async function startAlone(port: number): Promise<RunningPeer> {
  const running = await parley().start(port);
  return { ...running, watched: { instances: [running.pid] } };
}

async function startIsolates(): Promise<RunningPeer> {
  const port = freePort();
  const running = await parley({ isolates: 2, module: "bench/scale/isolates.ts" }).start(port);
  return { ...running, ports: [port, port + 1], watched: { process: [running.pid] } };
}

async function startCluster(engine: Engine, instances: number): Promise<RunningPeer> {
  await using stack = new AsyncDisposableStack();
  const { store, pid, version } = stack.use(await engine.start());
  const running: RunningPeer[] = [];
  const ports: number[] = [];
  for (let index = 0; index < instances; index++) {
    const port = freePort();
    ports.push(port);
    const instance = await parley({ store }).start(port);
    stack.defer(() => instance.stop());
    running.push(instance);
  }
  const kept = stack.move();
  return {
    version: `${running[0]!.version}, ${version}`,
    pid: running[0]!.pid,
    ports,
    watched: { instances: running.map(({ pid }) => pid), engine: [pid] },
    stop: () => kept.disposeAsync(),
  };
}
