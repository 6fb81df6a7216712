import { assert, assertEquals } from "@std/assert";
import { Allowances } from "../../lib/socket/allowances.ts";
import { TokenBucket } from "../../lib/socket/token_bucket.ts";

Deno.test("TokenBucket lets a burst through, and then as much as flows in", () => {
  const bucket = new TokenBucket(3, 10, 0);
  assertEquals([1, 2, 3, 4].map(() => bucket.take(0)), [0, 0, 0, 100]);
  assert(bucket.take(99) > 0);
  assertEquals(bucket.take(100), 0);
});

Deno.test("TokenBucket holds no more than a burst, however long nothing is taken", () => {
  const bucket = new TokenBucket(2, 10, 0);
  assertEquals([1, 2, 3].map(() => bucket.take(1_000_000)), [0, 0, 100]);
});

Deno.test("TokenBucket of an endless flow never runs dry", () => {
  const bucket = new TokenBucket(1, Infinity, 0);
  assertEquals(Array.from({ length: 1000 }, () => bucket.take(0)).some((wait) => wait > 0), false);
});

Deno.test("TokenBucket gives nothing for a clock that went back", () => {
  const bucket = new TokenBucket(1, 10, 1000);
  bucket.take(1000);
  assertEquals(bucket.take(0), 100);
});

Deno.test("Allowances count each user for themselves, and forget those who rest", () => {
  let now = 0;
  const allowances = new Allowances(1, 1, () => now);
  assertEquals([allowances.take("a"), allowances.take("a"), allowances.take("b")], [0, 1000, 0]);
  now = 500;
  allowances.sweep();
  assertEquals(allowances.take("a"), 500);
  now = 2000;
  allowances.sweep();
  assertEquals(allowances.take("a"), 0);
});
