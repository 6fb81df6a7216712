import { assertEquals } from "@std/assert";
import { Typists } from "../../static/js/state/typists.js";

Deno.test("typing fades after 5 s, and each word of it counts anew", () => {
  const typists = new Typists();
  typists.start("b", "Bob", 0);
  typists.start("c", "Carol", 1_000);
  assertEquals(typists.at(4_999), { names: ["Bob", "Carol"], until: 5_000 });
  typists.start("b", "Bob", 4_000);
  assertEquals(typists.at(6_000), { names: ["Bob"], until: 9_000 });
  assertEquals(typists.at(9_000), { names: [], until: Infinity });
});
