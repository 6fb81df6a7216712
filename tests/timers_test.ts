import "../lib/timers.ts";
import { assertEquals } from "@std/assert";

/** A kind of timer, as the functions that start and clear it. */
type Kind = [
  // deno-lint-ignore no-explicit-any
  start: (work: (...args: any[]) => void, ...args: unknown[]) => unknown,
  // deno-lint-ignore no-explicit-any
  clear: (timer: any) => void,
];

const DELAY_MS = 1;
const ROUNDS = 50;
const kinds: Record<string, Kind> = {
  "an immediate": [setImmediate, clearImmediate],
  "a timeout": [(work, ...args) => setTimeout(work, DELAY_MS, ...args), clearTimeout],
  "an interval": [(work, ...args) => setInterval(work, DELAY_MS, ...args), clearInterval],
};

for (const [kind, [start, clear]] of Object.entries(kinds)) {
  Deno.test(`${kind} that is cleared in the turn in which it is due is not called`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
    using server = await listener.accept();
    const byte = new Uint8Array(1);
    let calledAfterClear = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const arrival = client.read(new Uint8Array(1));
      await server.write(byte);
      let cleared = false;
      const timer = start(() => {
        if (cleared) calledAfterClear++;
      });
      // The byte is there and the timer is due when the event loop turns next.
      const until = performance.now() + 2 * DELAY_MS;
      while (performance.now() < until);
      await arrival;
      clear(timer);
      cleared = true;
    }
    assertEquals(calledAfterClear, 0);
  });

  Deno.test(`${kind} that is not cleared is called with its arguments`, async () => {
    const { promise, resolve } = Promise.withResolvers<unknown[]>();
    const timer = start((...args) => resolve(args), "a", 1);
    assertEquals(await promise, ["a", 1]);
    clear(timer);
  });
}

Deno.test("an interval goes on until it is cleared", async () => {
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (++calls < 3) return;
    clearInterval(timer);
    resolve();
  }, DELAY_MS);
  await promise;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(calls, 3);
});
