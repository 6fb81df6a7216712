import { assertEquals } from "@std/assert";
import { CLOSE } from "../../lib/wire/codes.ts";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import type { Cluster } from "./cluster.ts";
import type { Crowd } from "./crowd.ts";
import { soon } from "./soon.ts";
import type { TirelessClient } from "./tireless_client.ts";

/** How long people talk before something happens, in milliseconds. */
const BEFORE_MS = 500;
/** Within what time after the engine is back nobody misses anything, in milliseconds. */
const RETURN_MS = 5_000;
/** Within what time of an outage instances say so, in milliseconds: a beat, and how long it waits for its answer. */
const NOTICE_MS = 9_500;

/** The engine ends all connections of the instances, under load: nobody loses theirs, and nothing is missing. */
export async function outliveCutConnections(cluster: Cluster, crowd: Crowd): Promise<void> {
  await crowd.staysConnected(async () => {
    crowd.begin();
    for (let cuts = 0; cuts < 2; cuts++) {
      await delay(BEFORE_MS);
      await cluster.engine.cut();
    }
    await crowd.rest(RETURN_MS);
  });
  await soon(cluster.untilReady(true), RETURN_MS, "readiness");
}

/** The engine is killed under load, and started again. */
export function outliveKilledEngine(cluster: Cluster, crowd: Crowd): Promise<void> {
  const { engine } = cluster;
  return outlive(cluster, crowd, {
    stop: () => engine.kill(),
    start: () => engine.restart(),
  });
}

/** The engine stops in the middle of whatever it does, and goes on 10 s later. */
export function outliveFrozenEngine(cluster: Cluster, crowd: Crowd): Promise<void> {
  const { engine } = cluster;
  return outlive(cluster, crowd, {
    stop: () => Promise.resolve(engine.freeze()),
    start: () => Promise.resolve(engine.thaw()),
    forMs: 10_000,
  });
}

interface Outage {
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** How long it lasts, in milliseconds; at the least until everyone has noticed. */
  readonly forMs?: number;
}

async function outlive(
  cluster: Cluster,
  crowd: Crowd,
  { stop, start, forMs = 0 }: Outage,
): Promise<void> {
  await crowd.staysConnected(async () => {
    crowd.begin();
    await delay(BEFORE_MS);
    const before = crowd.clients.map(({ notes }) => notes.unavailable);
    await stop();
    const over = delay(forMs);
    await typeLocally(crowd);
    const turnedAway = turnAway(cluster, crowd);
    await soon(cluster.untilReady(false), NOTICE_MS, "an instance that says that it is not ready");
    await crowd.until(
      () => crowd.clients.every(({ notes }, i) => notes.unavailable > before[i]!),
      NOTICE_MS,
      "word to everyone that the outcome is not known",
    );
    await typeLocally(crowd);
    await soon(turnedAway, NOTICE_MS, "an end of those who come meanwhile");
    await over;

    await start();
    const backAt = performance.now();
    await crowd.until(() => crowd.clients.every(({ isInside }) => isInside), 1_000, "all inside");
    await crowd.rest(RETURN_MS);
    const leftMs = RETURN_MS - (performance.now() - backAt);
    await soon(cluster.untilReady(true), leftMs, "readiness");
  });
}

/** Who comes meanwhile is asked to come back. */
async function turnAway({ instances }: Cluster, { clients }: Crowd): Promise<void> {
  const [{ token }] = clients as [TirelessClient];
  const comers = [
    Client.v1(instances[0]!.ws, { token }),
    Client.plain(instances[1]!.ws, { username: "Late" }),
  ];
  const codes = await Promise.all(comers.map(async ({ closed }) => (await closed).code));
  assertEquals(codes, [CLOSE.internal, CLOSE.internal]);
}

/** Who is at the same instance sees that somebody types, whatever the engine does. */
async function typeLocally(crowd: Crowd): Promise<void> {
  const [one, other] = crowd.neighbours();
  const typists = () => other.notes.typists.filter((id) => id === one.user.id).length;
  const before = typists();
  one.type();
  await crowd.until(() => typists() > before, 2_000, "word that somebody types");
}
