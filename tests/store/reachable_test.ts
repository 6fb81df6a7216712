import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { whenReachable } from "../../lib/store/reachable.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";

Deno.test("whenReachable tries until somebody answers, less and less often, and says so each time", async () => {
  using time = new FakeTime();
  const waits: number[] = [];
  let attempts = 0;
  const opening = whenReachable(
    () =>
      ++attempts <= 10
        ? Promise.reject(new StoreUnavailableError("nobody there"))
        : Promise.resolve("open"),
    ({ message }, waitMs) => {
      assertEquals(message, "nobody there");
      waits.push(waitMs);
    },
  );
  for (let i = 0; i < 600; i++) await time.tickAsync(100);
  assertEquals(await opening, "open");
  assertEquals(waits.length, 10);
  assert(waits[0]! >= 125 && waits[0]! <= 250);
  assert(waits.every((waitMs) => waitMs <= 5000) && waits.at(-1)! >= 2500);
});

Deno.test("whenReachable gives up at once on what no waiting will mend", async () => {
  const open = () => Promise.reject(new Error("no such database"));
  await assertRejects(() => whenReachable(open, () => {}), Error, "no such database");
});
