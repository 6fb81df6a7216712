import { assert, assertEquals } from "@std/assert";
import { delay } from "../helpers/delay.ts";
import { type Cluster, DRAIN_MS, INSTANCES } from "./cluster.ts";
import type { Crowd } from "./crowd.ts";

/** How long after the time that a client was told it may be back, in milliseconds. */
const LATE_MS = 1_500;
/** How long the end of an instance may take after its drain, in milliseconds. */
const ENDING_MS = 3_000;

/**
 * All instances are restarted under load, the next one after the last is ready: everyone is back when they were asked
 * to be, and the room hears of none of it. `tree` is the folder of the release that they then are.
 */
export async function restartOneAfterTheOther(
  cluster: Cluster,
  crowd: Crowd,
  tree?: string,
): Promise<void> {
  const moves = crowd.moves;
  const returns = crowd.clients.map(({ notes }) => notes.returns.length);
  crowd.begin();
  for (const instance of cluster.instances) {
    const startedAt = performance.now();
    assertEquals(await instance.stop(), 0, instance.complaints);
    const tookMs = performance.now() - startedAt;
    assert(tookMs < DRAIN_MS + ENDING_MS, `the end took ${tookMs} ms`);
    await instance.start(tree);
    await cluster.balancer.knows(INSTANCES);
  }
  await delay(500);
  await crowd.rest(5_000);

  const paced = crowd.clients.flatMap(({ notes }, i) => notes.returns.slice(returns[i]));
  assert(paced.length >= crowd.clients.length, "everyone was sent away at least once");
  for (const { askedMs, tookMs } of paced) {
    assert(tookMs >= askedMs, `somebody came back after ${tookMs} ms, not ${askedMs}`);
    assert(tookMs < askedMs + LATE_MS, `somebody was back after ${tookMs} ms, not ${askedMs}`);
  }
  assertEquals(crowd.moves - moves, 0, "no room hears that people left or came");
  assert(crowd.seesItself(), "everyone sees everyone");
}
