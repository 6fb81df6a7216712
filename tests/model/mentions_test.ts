import { assertEquals } from "@std/assert";
import { mentions } from "../../lib/model/mentions.ts";

const ROWS: [text: string, name: string, named: boolean][] = [
  ["@Ann", "Ann", true],
  ["hello @ann, how are you", "Ann", true],
  ["(@ANN)", "Ann", true],
  ["@Ann Lee: hello", "Ann Lee", true],
  ["@Anna and @Ann", "Ann", true],
  ["@😀 hi", "😀", true],
  ["@José!", "JOSÉ", true],
  ["@Anna", "Ann", false],
  ["@Ann_", "Ann", false],
  ["mail@Ann", "Ann", false],
  ["Ann", "Ann", false],
  ["@ Ann", "Ann", false],
  ["", "Ann", false],
];

for (const [text, name, named] of ROWS) {
  Deno.test(`mentions says that ${JSON.stringify(text)} ${named ? "names" : "does not name"} ${name}`, () => {
    assertEquals(mentions(text, name), named);
  });
}
