import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { GAP_MS, MAX_WAITING, type Read, RETRY_MS, Sequence } from "../../lib/chat/sequence.ts";

/** A sequence over a source that holds 1, 2, 3 … `head`, and what it delivered. */
function sequence({ delivered = 0, head = 0, read }: {
  delivered?: number;
  head?: number;
  read?: (after: number) => Promise<Read<number>>;
} = {}) {
  const items: number[] = [];
  const source = { head, reads: 0 };
  const sequence = new Sequence<number>({
    delivered,
    deliver: (item) => items.push(item),
    read: read ?? ((after) => {
      source.reads++;
      const above = Array.from({ length: source.head - after }, (_, i) => after + 1 + i);
      return Promise.resolve({
        items: above.map((item) => [item, item] as const),
        reached: Math.max(after, source.head),
      });
    }),
  });
  const offer = (...numbers: number[]) => {
    for (const number of numbers) sequence.offer(number, number);
  };
  return { sequence, items, source, offer };
}

Deno.test("Sequence delivers at once what comes in order", () => {
  const { items, offer } = sequence();
  offer(1, 2, 3);
  assertEquals(items, [1, 2, 3]);
});

Deno.test("Sequence delivers a repeat once", () => {
  const { items, offer } = sequence();
  offer(1, 2, 1, 2, 2, 3);
  assertEquals(items, [1, 2, 3]);
});

Deno.test("Sequence holds what comes early until the gap is filled by a late item", async () => {
  using time = new FakeTime();
  const { items, offer, source } = sequence();
  offer(3, 2);
  assertEquals(items, []);
  offer(1);
  assertEquals(items, [1, 2, 3]);
  await time.tickAsync(GAP_MS * 2);
  assertEquals(source.reads, 0);
});

Deno.test("Sequence reads the source once when a gap stays open", async () => {
  using time = new FakeTime();
  const { items, offer, source } = sequence({ head: 5 });
  offer(1, 5);
  await time.tickAsync(GAP_MS - 1);
  assertEquals([items, source.reads], [[1], 0]);
  await time.tickAsync(1);
  assertEquals([items, source.reads], [[1, 2, 3, 4, 5], 1]);
});

Deno.test("Sequence reads the source when only a head is heard of", async () => {
  using time = new FakeTime();
  const { items, sequence: aimed } = sequence({ delivered: 7, head: 9 });
  aimed.aim(9);
  await time.tickAsync(GAP_MS);
  assertEquals(items, [8, 9]);
});

Deno.test("Sequence reads the source at once when nothing is worth waiting for", async () => {
  using time = new FakeTime();
  const { items, offer, sequence: aimed, source } = sequence({ head: 3 });
  offer(3);
  aimed.aim(3, 0);
  assertEquals(source.reads, 1);
  await time.runMicrotasks();
  assertEquals([items, time.next()], [[1, 2, 3], false]);
});

Deno.test("Sequence reads the source once more as soon as it was read, if more was promised meanwhile", async () => {
  using time = new FakeTime();
  const answers: PromiseWithResolvers<Read<number>>[] = [];
  const { items, sequence: aimed } = sequence({
    read: () => {
      answers.push(Promise.withResolvers());
      return answers.at(-1)!.promise;
    },
  });
  for (const number of [1, 2, 3]) aimed.aim(number, 0);
  assertEquals(answers.length, 1);
  answers[0]!.resolve({ items: [[1, 1]], reached: 1 });
  await time.runMicrotasks();
  assertEquals([items, answers.length], [[1], 2]);
  answers[1]!.resolve({ items: [[2, 2], [3, 3]], reached: 3 });
  await time.runMicrotasks();
  assertEquals([items, time.next()], [[1, 2, 3], false]);
});

Deno.test("Sequence waits before it reads again a source that failed, whatever was promised", async () => {
  using time = new FakeTime();
  let reads = 0;
  const { sequence: aimed } = sequence({
    read: () => {
      reads++;
      return Promise.reject(new Error("out of reach"));
    },
  });
  aimed.aim(1, 0);
  aimed.aim(2, 0);
  await time.tickAsync(RETRY_MS - 1);
  assertEquals(reads, 1);
  await time.tickAsync(1);
  assertEquals(reads, 2);
  aimed.close();
});

Deno.test("Sequence skips the numbers that the source says were overtaken", async () => {
  using time = new FakeTime();
  const { items, sequence: aimed } = sequence({
    read: () => Promise.resolve({ items: [[2, 2], [5, 5]], reached: 6 }),
  });
  aimed.aim(6);
  await time.tickAsync(GAP_MS);
  assertEquals([items, aimed.delivered], [[2, 5], 6]);
});

Deno.test("Sequence does not deliver twice what arrives while the source is read", async () => {
  using time = new FakeTime();
  const answer = Promise.withResolvers<Read<number>>();
  const { items, offer } = sequence({ read: () => answer.promise });
  offer(3);
  await time.tickAsync(GAP_MS);
  offer(1, 2, 4);
  answer.resolve({ items: [[1, 1], [2, 2], [3, 3]], reached: 3 });
  await time.runMicrotasks();
  assertEquals(items, [1, 2, 3, 4]);
});

Deno.test("Sequence tries again when the source cannot be read", async () => {
  using time = new FakeTime();
  let reads = 0;
  const { items, offer } = sequence({
    read: () =>
      ++reads === 1
        ? Promise.reject(new Error("out of reach"))
        : Promise.resolve({ items: [[1, 1], [2, 2]], reached: 2 }),
  });
  offer(2);
  await time.tickAsync(GAP_MS);
  assertEquals(items, []);
  await time.tickAsync(RETRY_MS);
  assertEquals(items, [1, 2]);
});

Deno.test("Sequence forgets a head that the source does not have", async () => {
  using time = new FakeTime();
  const { items, sequence: aimed, source } = sequence({ delivered: 3, head: 3 });
  aimed.aim(100);
  await time.tickAsync(GAP_MS * 20);
  assertEquals([items, source.reads, aimed.delivered], [[], 1, 3]);
});

Deno.test("Sequence holds no more than its bound, and reads the rest", async () => {
  using time = new FakeTime();
  const { items, offer, source } = sequence({ head: MAX_WAITING + 10 });
  for (let number = 2; number <= MAX_WAITING + 10; number++) offer(number);
  offer(1);
  assertEquals(items.length, MAX_WAITING + 1);
  await time.tickAsync(GAP_MS);
  assertEquals([items.length, source.reads], [MAX_WAITING + 10, 1]);
});

Deno.test("Sequence tells when a number is reached", async () => {
  const { sequence: awaited, offer } = sequence();
  const reached: string[] = [];
  const all = Promise.all([2, 1].map(async (number) => {
    await awaited.reach(number);
    reached.push(`${number} at ${awaited.delivered}`);
  }));
  offer(1);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(reached, ["1 at 1"]);
  offer(2);
  await all;
  assertEquals(reached, ["1 at 1", "2 at 2"]);
  awaited.close();
});

Deno.test("Sequence lets go of its timer and of those who wait when it is closed", async () => {
  using time = new FakeTime();
  const { items, sequence: closed, offer, source } = sequence({ head: 2 });
  offer(2);
  const waiting = closed.reach(2);
  closed.close();
  await waiting;
  await time.tickAsync(RETRY_MS);
  offer(1);
  assertEquals([items, source.reads], [[], 0]);
});
