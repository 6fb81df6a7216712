import { assert, assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { Janitor, PAUSE_MS, ROUND_MS } from "../../lib/chat/janitor.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { send } from "../store/drafts.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A janitor over a store in memory. */
function janitor({ days = Infinity, perRoom = Infinity } = {}) {
  const store = openDirectStore();
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  const janitor = new Janitor({ store, days, perRoom, onFailure });
  const places = async (room = "general") =>
    (await store.page(room, { limit: 1000 })).map(({ pos }) => pos);
  const steps = () => store.calls.filter((call) => call === "prune").length;
  return { store, janitor, failures, places, steps };
}

async function pass(time: FakeTime, ms: number): Promise<void> {
  await time.tickAsync(ms);
  await time.runMicrotasks();
}

Deno.test("Janitor removes what is over the number, step by step, and begins anew after an hour", async () => {
  using time = new FakeTime();
  const { store, janitor: tidying, places, steps } = janitor({ perRoom: 2 });
  using _ = store;
  await store.append(Array.from({ length: 300 }, () => send({ room: "a" })));
  await store.append(Array.from({ length: 3 }, () => send({ room: "b" })));
  assertEquals(steps(), 0);
  await pass(time, PAUSE_MS);
  assertEquals([steps(), (await places("b")).length], [1, 3]);
  const first = (await places("a")).length;
  assert(first >= 200 && first < 300, `${first} are left after the first step`);
  for (let i = 0; i < 20; i++) await pass(time, PAUSE_MS);
  assertEquals([await places("a"), await places("b")], [[299, 300], [2, 3]]);

  const done = steps();
  await store.append([send({ room: "b" })]);
  await pass(time, ROUND_MS - 20 * PAUSE_MS);
  assertEquals([steps(), await places("b")], [done, [2, 3, 4]]);
  await pass(time, 20 * PAUSE_MS);
  assertEquals(await places("b"), [3, 4]);
  await tidying.close();
});

Deno.test("Janitor removes what is older than the days", async () => {
  using time = new FakeTime();
  const { store, janitor: tidying, places } = janitor({ days: 2 });
  using _ = store;
  const now = Date.now();
  const times = [now - 3 * DAY_MS, now - 2 * DAY_MS, now - 2 * DAY_MS + 10 * PAUSE_MS, now];
  await store.append(times.map((time) => send({ time })));
  await pass(time, PAUSE_MS);
  await pass(time, PAUSE_MS);
  assertEquals(await places(), [3, 4]);
  await pass(time, ROUND_MS);
  assertEquals(await places(), [4]);
  await tidying.close();
});

Deno.test("Janitor keeps all without a limit", async () => {
  using time = new FakeTime();
  const { store, janitor: tidying, places, steps } = janitor();
  using _ = store;
  await store.append(Array.from({ length: 200 }, () => send({ time: 1 })));
  for (let i = 0; i < 5; i++) await pass(time, PAUSE_MS);
  assertEquals([steps(), (await places()).length], [1, 200]);
  await tidying.close();
});

Deno.test("Janitor tells that the store failed, and begins anew after an hour", async () => {
  using time = new FakeTime();
  const { store, janitor: tidying, failures, places, steps } = janitor({ perRoom: 1 });
  using _ = store;
  await store.append([send(), send()]);
  store.state = "down";
  await pass(time, PAUSE_MS);
  assertEquals([failures.length, steps()], [1, 1]);
  store.state = "up";
  await pass(time, ROUND_MS - 1);
  assertEquals([steps(), await places()], [1, [1, 2]]);
  await pass(time, 1);
  assertEquals([failures.length, await places()], [1, [2]]);
  await tidying.close();
});

Deno.test("Janitor that is closed finishes its step, and waits for nothing", async () => {
  using time = new FakeTime();
  const { store, janitor: tidying, steps } = janitor({ perRoom: 1 });
  using _ = store;
  await store.append(Array.from({ length: 300 }, () => send()));
  time.tick(PAUSE_MS);
  await tidying.close();
  assertEquals([steps(), time.next()], [1, false]);
});
