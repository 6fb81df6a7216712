import { assert, assertEquals } from "@std/assert";
import { Backoff } from "../../static/js/backoff.js";

const options = { baseMs: 500, capMs: 5_000, steadyMs: 5_000 };

Deno.test("each failure doubles the ceiling, up to the cap", () => {
  const backoff = new Backoff({ ...options, random: () => 1 });
  const waits = Array.from({ length: 6 }, () => backoff.next());
  assertEquals(waits, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

Deno.test("the wait is any part of the ceiling, none at all too", () => {
  const backoff = new Backoff({ ...options, random: () => 0 });
  assertEquals(backoff.next(), 0);
  const half = new Backoff({ ...options, random: () => 0.5 });
  assertEquals([half.next(), half.next()], [250, 500]);
});

Deno.test("clients that were lost together do not come back together", () => {
  const waits = Array.from({ length: 100 }, () => new Backoff(options).next());
  assert(new Set(waits).size > 50);
});

Deno.test("a connection that lived sets the ceiling back, one that fell at once does not", () => {
  const backoff = new Backoff({ ...options, random: () => 1 });
  backoff.next();
  backoff.next();
  backoff.lived(100);
  assertEquals(backoff.next(), 2_000);
  backoff.lived(5_000);
  assertEquals(backoff.next(), 500);
});

Deno.test("the server's own pace counts once, and before any jitter", () => {
  const backoff = new Backoff({ ...options, random: () => 1 });
  backoff.ask(1_234);
  assertEquals([backoff.next(), backoff.next()], [1_234, 500]);
});

Deno.test("a client that was sent away for flooding begins at the cap", () => {
  const backoff = new Backoff({ ...options, random: () => 1 });
  backoff.slowDown();
  assertEquals(backoff.next(), 5_000);
});
