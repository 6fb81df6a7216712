import "../../lib/store/immediates.ts";
import { assertEquals } from "@std/assert";

const ROUNDS = 3_000;

Deno.test("what is cleared in the turn in which it is due is not called", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  using server = await listener.accept();
  const byte = new Uint8Array(1);
  let calledAfterClear = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const state = { called: false, cleared: false };
    const immediate = setImmediate(() => {
      state.called = true;
      if (state.cleared) calledAfterClear++;
    });
    await server.write(byte);
    const arrival = client.read(new Uint8Array(1));
    // The byte and the immediate are there in the same turn, in some of the rounds.
    const until = performance.now() + round % 10 / 50;
    while (performance.now() < until);
    await arrival;
    if (!state.called) clearImmediate(immediate);
    state.cleared = !state.called;
  }
  assertEquals(calledAfterClear, 0);
});

Deno.test("what is not cleared is called with its arguments", async () => {
  const called = new Promise((resolve) =>
    setImmediate((...args: unknown[]) => resolve(args), "a", 1)
  );
  assertEquals(await called, ["a", 1]);
});
