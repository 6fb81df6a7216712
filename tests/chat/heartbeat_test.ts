import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { BEAT_MS, Heartbeat, LEASE_MS, MORE_MS, RETRY_MS } from "../../lib/chat/heartbeat.ts";
import { type Pulse, type Store, StoreUnavailableError } from "../../lib/store/store.ts";
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
    onPulse: (pulse) => {
      pulses.push(pulse);
      return Promise.resolve();
    },
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
  await time.tickAsync(BEAT_MS - RETRY_MS);
  for (let ms = 0; ms <= LEASE_MS; ms += RETRY_MS) {
    await time.tickAsync(RETRY_MS);
    await time.runMicrotasks();
  }
  assertEquals([pulses.length, missed.length], [1, 1 + LEASE_MS / RETRY_MS]);
  store.state = "up";
  await time.tickAsync(RETRY_MS);
  await time.runMicrotasks();
  assertEquals([pulses.length, pulses[1]!.held], [2, false]);
  await beating.close();
});

Deno.test("Heartbeat holds no lease for sure after a beat of which the answer was lost", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating, pulses } = heartbeat();
  using _ = store;
  await beating.beat();
  for (const state of ["up", "mute", "up", "up"] as const) {
    const before = store.state;
    store.state = state;
    await time.tickAsync(before === "mute" ? RETRY_MS : BEAT_MS);
    await time.runMicrotasks();
  }
  assertEquals(pulses.map(({ held }) => held), [false, true, false, true]);
  await beating.close();
});

Deno.test("Heartbeat beats once more for all who ask while it beats, and starts its time anew", async () => {
  using time = new FakeTime();
  const { store, heartbeat: beating } = heartbeat();
  using _ = store;
  await Promise.all([beating.beat(), beating.beat(), beating.beat()]);
  assertEquals(store.calls, ["beat"]);
  await time.tickAsync(0);
  await time.runMicrotasks();
  assertEquals(store.calls, ["beat", "beat"]);
  await time.tickAsync(BEAT_MS - 1);
  await beating.beat();
  await time.tickAsync(BEAT_MS - 1);
  await time.runMicrotasks();
  assertEquals(store.calls, ["beat", "beat", "beat"]);
  await beating.close();
});

Deno.test("Heartbeat beats again at once if what a beat led to asks for it", async () => {
  using time = new FakeTime();
  using store = openDirectStore();
  let doubts = 2;
  const beating: Heartbeat = new Heartbeat({
    instance: "i1",
    store,
    rooms: () => [],
    onPulse: () => {
      if (doubts-- > 0) beating.beat();
      return Promise.resolve();
    },
    onMissed: () => {},
  });
  await beating.beat();
  for (let i = 0; i < 5; i++) {
    await time.tickAsync(0);
    await time.runMicrotasks();
  }
  assertEquals(store.calls, ["beat", "beat", "beat"]);
  await beating.close();
});

/** What the store answers to one beat after another, and when each was heard and how. */
async function hear(answers: readonly (Pick<Pulse, "held" | "more"> | undefined)[]) {
  using time = new FakeTime();
  const heard: [atMs: number, held: boolean | undefined][] = [];
  let beats = 0;
  const beat = () => {
    const answer = answers[beats++];
    if (!answer) return Promise.reject(new StoreUnavailableError("gone"));
    return Promise.resolve({ epoch: "e", heads: [], gone: [], takenOver: [], ...answer });
  };
  const startedAt = Date.now();
  const note = (held?: boolean) => void heard.push([Date.now() - startedAt, held]);
  const beating = new Heartbeat({
    instance: "i1",
    store: { beat } as unknown as Store,
    rooms: () => [],
    onPulse: ({ held }) => Promise.resolve(note(held)),
    onMissed: () => note(),
  });
  await beating.beat();
  while (beats < answers.length) await time.nextAsync();
  await time.runMicrotasks();
  await beating.close();
  return heard;
}

Deno.test("Heartbeat beats again soon while there are more people to remove", async () => {
  const [more, done] = [{ held: true, more: true }, { held: true, more: false }];
  assertEquals(await hear([more, more, done, done]), [
    [0, true],
    [MORE_MS, true],
    [2 * MORE_MS, true],
    [2 * MORE_MS + BEAT_MS, true],
  ]);
});

Deno.test("Heartbeat tells that its rows are gone once what is claimed stays", async () => {
  const [going, lost, held] = [
    { held: false, more: true },
    { held: false, more: false },
    { held: true, more: true },
  ];
  const told = async (answers: Parameters<typeof hear>[0]) =>
    (await hear(answers)).map(([, held]) => held);
  assertEquals(await told([going, going, lost, held]), [true, true, false, true]);
  assertEquals(await told([going, held, held]), [true, false, true]);
  assertEquals(await told([held, undefined, going, held]), [true, undefined, true, false]);
});

Deno.test("Heartbeat says what a beat led to and goes on when that fails", async () => {
  using time = new FakeTime();
  using store = openDirectStore();
  const missed: unknown[] = [];
  const failure = new Error("out of luck");
  const beating = new Heartbeat({
    instance: "i1",
    store,
    rooms: () => [],
    onPulse: () => Promise.reject(failure),
    onMissed: (error) => missed.push(error),
  });
  await beating.beat();
  await time.tickAsync(RETRY_MS);
  await time.runMicrotasks();
  assertEquals([missed, store.calls], [[failure, failure], ["beat", "beat"]]);
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
