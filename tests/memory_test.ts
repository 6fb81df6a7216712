import { assert } from "@std/assert";
import { keepFreedMemory } from "../lib/memory.ts";

Deno.test("keepFreedMemory takes no memory itself", () => {
  const before = Deno.memoryUsage().rss;
  keepFreedMemory();
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < 10_000_000, `the process grew by ${grown} bytes`);
});
