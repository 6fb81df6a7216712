import { assertEquals } from "@std/assert";
import { mentions as mentionsOnServer } from "../../lib/model/mentions.ts";
import { mentions } from "../../static/js/mentions.js";

const CASES: readonly [name: string, text: string, person: string, named: boolean][] = [
  ["the name alone", "@Alice", "Alice", true],
  ["in any case", "well, @ALICE?", "alice", true],
  ["within another name", "@Alicea", "Alice", false],
  ["within an address", "me@alice.example", "Alice", false],
  ["behind another name", "@alicea and @alice", "Alice", true],
  ["letters that fold to two", "@STRASSE!", "straße", true],
  ["without the sign", "Alice", "Alice", false],
];

for (const [name, text, person, named] of CASES) {
  Deno.test(`mentions: ${name}, by the rule of the server`, () => {
    assertEquals(mentions(text, person), named);
    assertEquals(mentionsOnServer(text, person), named);
  });
}
