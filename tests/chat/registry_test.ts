import { assertEquals } from "@std/assert";
import { MAX_LISTED, Registry } from "../../lib/chat/registry.ts";

const room = "general";
const user = (id: string) => ({ id, name: id.toUpperCase() });
const people = (rev: number, ...ids: string[]) => ({ rev, users: ids.map(user) });

Deno.test("Registry holds each person once, in the order in which they came", () => {
  const registry = new Registry(people(2, "a", "b"));
  registry.apply({ room, user: user("c"), on: true, rev: 3 });
  registry.apply({ room, user: user("a"), on: true, rev: 4 });
  registry.apply({ room, user: user("b"), on: false, rev: 5 });
  assertEquals([registry.count, registry.listed()], [2, [user("a"), user("c")]]);
  assertEquals([registry.has("c"), registry.has("b")], [true, false]);
});

Deno.test("Registry lists no more people than its bound, and counts all", () => {
  const ids = Array.from({ length: MAX_LISTED + 5 }, (_, i) => `u${i}`);
  const registry = new Registry(people(1, ...ids));
  assertEquals([registry.listed().length, registry.count], [MAX_LISTED, MAX_LISTED + 5]);
});

Deno.test("Registry tells the moves that lead to other people: who left, then who came", () => {
  const registry = new Registry(people(3, "a", "b"));
  assertEquals(registry.difference(room, people(9, "b", "c")), [
    { room, user: user("a"), on: false, rev: 9 },
    { room, user: user("c"), on: true, rev: 9 },
  ]);
});

Deno.test("Registry takes the order of the store, in which who came back is the last", () => {
  const registry = new Registry(people(3, "a", "b", "c"));
  registry.adopt(people(5, "b", "c", "a"));
  assertEquals(registry.listed(), ["b", "c", "a"].map(user));
});
