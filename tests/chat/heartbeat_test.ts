import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { BEAT_MS, Heartbeat, LEASE_MS } from "../../lib/chat/heartbeat.ts";
import type { Pulse } from "../../lib/store/store.ts";
import { openDirectStore } from "../helpers/direct_store.ts";

/** A heartbeat over a store in memory, and what it told. */
function heartbeat() {
  const store = openDirectStore();
  const pulses: Pulse[] = [];
  const missed: unknown[] = [];
  const heartbeat = new Heartbeat({
    instance: "i1",
    store,
    rooms: () => ["general"],
    onPulse: (pulse) => pulses.push(pulse),
    onMissed: (error) => missed.push(error),
  });
  return { store, heartbeat, pulses, missed };
}

Deno.test("Heartbeat tells where the rooms stand, beat after beat", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating, pulses } = heartbeat();
  using _ = store;
  await beating.beat();
  assertEquals(pulses.map(({ held, heads }) => [held, heads]), [
    [false, [{ room: "general", seq: 0, rev: 0 }]],
  ]);
  await time.tickAsync(BEAT_MS - 1);
  assertEquals(pulses.length, 1);
  for (let beats = 2; beats < 10; beats++) {
    await time.tickAsync(beats === 2 ? 1 : BEAT_MS);
    await time.runMicrotasks();
    assertEquals([pulses.length, pulses.at(-1)!.held], [beats, true]);
  }
  await beating.close();
});

Deno.test("Heartbeat goes on when the store does not answer, and finds that its lease is gone", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating, pulses, missed } = heartbeat();
  using _ = store;
  await beating.beat();
  store.state = "down";
  for (let ms = 0; ms <= LEASE_MS; ms += BEAT_MS) {
    await time.tickAsync(BEAT_MS);
    await time.runMicrotasks();
  }
  assertEquals([pulses.length, missed.length], [1, 1 + LEASE_MS / BEAT_MS]);
  store.state = "up";
  await time.tickAsync(BEAT_MS);
  await time.runMicrotasks();
  assertEquals([pulses.length, pulses[1]!.held], [2, false]);
  await beating.close();
});

Deno.test("Heartbeat beats once for all who ask at the same time, and starts its time anew", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating } = heartbeat();
  using _ = store;
  await Promise.all([beating.beat(), beating.beat()]);
  assertEquals(store.calls, ["beat"]);
  await time.tickAsync(BEAT_MS - 1);
  await beating.beat();
  await time.tickAsync(BEAT_MS - 1);
  await time.runMicrotasks();
  assertEquals(store.calls, ["beat", "beat"]);
  await beating.close();
});

Deno.test("Heartbeat that is closed tells nothing more and beats no more", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating, pulses } = heartbeat();
  using _ = store;
  const underWay = beating.beat();
  await beating.close();
  await underWay;
  await beating.beat();
  assertEquals([pulses, store.calls, time.next()], [[], ["beat"], false]);
});
