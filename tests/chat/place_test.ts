import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { placeOf } from "../../lib/chat/place.ts";
import { send } from "../store/drafts.ts";
import { openDirectStore } from "../helpers/direct_store.ts";

Deno.test("placeOf gives the first message sent at a time or later, wherever messages are missing", async () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(20), async (steps, removed) => {
      using store = openDirectStore();
      let time = 10;
      const drafts = steps.map((step) => send({ time: time += step }));
      await store.append(drafts);
      for (let from: string | undefined = ""; from !== undefined;) {
        from = await store.prune(
          { sentBefore: 0, perRoom: Math.max(1, steps.length - removed) },
          from,
        );
      }
      const kept = await store.page("general", { limit: 100 });
      for (let asked = 9; asked <= time + 1; asked++) {
        const first = kept.find((message) => message.time >= asked);
        assertEquals(await placeOf(store, "general", asked), first?.pos ?? steps.length + 1);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("placeOf reads 12 of 3,000 messages", async () => {
  using store = openDirectStore();
  await store.append(Array.from({ length: 3000 }, (_, i) => send({ time: i })));
  store.calls.length = 0;
  assertEquals(await placeOf(store, "general", 1234), 1235);
  assert(store.calls.length <= 13, `${store.calls.length} calls`);
});
