import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import type { EngineKind } from "../helpers/engine_server.ts";
import { Cluster, INSTANCES } from "./cluster.ts";
import { seeOneList } from "./cluster_talk.ts";
import { Crowd } from "./crowd.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import type { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";
import { soon } from "./soon.ts";
import { ROOM } from "./tireless_client.ts";

const PEOPLE = 30;
/** How long one instance is paused: longer than its lease, in milliseconds. */
const PAUSE_MS = 40_000;
/** A lease of 25 s, a beat until another instance finds that it has run out, and a second for a busy machine, in milliseconds. */
const GONE_WITHIN_MS = 31_000;
/** Within what time after the pause all is as it should be, in milliseconds. */
const RETURN_MS = 5_000;

/**
 * One instance is killed and started again, another one is paused past its lease: they take nobody and nothing with
 * them.
 */
export function outliveLeases(kind: EngineKind): Promise<void> {
  return replayable(async (random, seed) => {
    await using cluster = await Cluster.start(kind, random);
    const [killed, paused, witness] = cluster.instances as [
      RestartingServer,
      RestartingServer,
      RestartingServer,
    ];
    using crowd = await Crowd.enter(cluster.balancer, PEOPLE, seed);
    const places = Map.groupBy(crowd.clients, ({ notes }) => notes.instance);
    assertEquals(places.size, INSTANCES, "somebody is at each instance");

    // They are where it is killed, and do not come back.
    const absent = [await enter(killed, "Absent 0"), await enter(killed, "Absent 1")];
    const absentIds = absent.map(({ me }) => me.user.id);
    // A name without an account is lost with the lease.
    const guest = await Client.joined(paused.ws, "Guest");
    const pausedIds = crowd.clients
      .filter(({ notes }) => notes.instance === guest.me.instance)
      .map(({ user }) => user.id);
    assert(pausedIds.length > 0);
    await using observer = await Client.joined(witness.ws, "Observer");

    crowd.begin();
    await delay(1_000);
    const begunAt = performance.now();
    paused.freeze();
    // Nobody is to be dealt to it.
    await cluster.balancer.knows(INSTANCES - 1);
    await killed.kill();
    await killed.start();

    // Those who were at the killed one are back before anybody hears that they left.
    const others = crowd.clients.filter(({ user }) => !pausedIds.includes(user.id));
    await crowd.until(
      () => others.every(({ isInside }) => isInside),
      5_000,
      "everyone back at other instances",
    );
    const hasLeft = (id: string) => observer.all("user_left").some(({ user_id }) => user_id === id);
    await crowd.until(
      () => [...absentIds, ...pausedIds, guest.me.user.id].every(hasLeft),
      GONE_WITHIN_MS - (performance.now() - begunAt),
      "word that all are gone whose lease ran out",
    );
    assert(!others.some(({ user }) => hasLeft(user.id)), "who came back was here all the time");

    await using heir = await Client.joined(witness.ws, "guest");
    await delay(PAUSE_MS - (performance.now() - begunAt));
    paused.thaw();
    const backAt = performance.now();
    assertEquals((await soon(guest.closed, RETURN_MS, "an end of the guest")).code, 4501);
    await crowd.rest(RETURN_MS);
    await heir.close();
    await observer.close();
    await crowd.until(
      () => crowd.seesItself(),
      RETURN_MS - (performance.now() - backAt),
      "everyone at everyone again",
    );
    await seeOneList(cluster, crowd);
    checkDurability(crowd.clients, await readTruth(cluster.engine.url(), crowd.clients));
  });
}

async function enter(instance: RestartingServer, name: string) {
  const response = await fetch(`${instance.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const client = await Client.welcomed(instance.ws, { token: (await response.json()).token });
  await client.join(ROOM);
  return client;
}
