import { assertEquals } from "@std/assert";
import { countChars, isRoomName, nameKey, parseName } from "../../lib/model/names.ts";

const NAMES: [input: string, name: string | null, what: string][] = [
  ["Alice", "Alice", "a plain name"],
  ["  Alice ", "Alice", "a name with white space around it"],
  ["Ana Sofía", "Ana Sofía", "a name with a space inside"],
  ["e\u0301va", "éva", "a name in decomposed form"],
  ["😀".repeat(32), "😀".repeat(32), "32 characters of two units each"],
  ["x".repeat(32), "x".repeat(32), "32 characters"],
  ["نورة", "نورة", "a right-to-left name"],
  ["山田", "山田", "a name in another script"],
  ["", null, "an empty name"],
  [" \t ", null, "a blank name"],
  ["x".repeat(33), null, "33 characters"],
  ["a\u0000b", null, "a NUL"],
  ["a\nb", null, "a line break"],
  ["a\u2028b", null, "a line separator"],
  ["a\u202Eb", null, "a right-to-left override"],
  ["a\u2066b", null, "a direction isolate"],
  ["a\u200Fb", null, "a right-to-left mark"],
  ["a\u061Cb", null, "an Arabic letter mark"],
  ["a\u200Bb", null, "a zero-width space"],
  ["a\u200Db", null, "a zero-width joiner"],
  ["a\uFEFFb", null, "a byte-order mark"],
  ["a\u00ADb", null, "a soft hyphen"],
  ["a\u3164b", null, "a Hangul filler"],
  ["\u2800", null, "a blank Braille pattern"],
  ["a\u{E0041}b", null, "a tag character"],
  ["a\uD800b", null, "half a surrogate pair"],
];

for (const [input, name, what] of NAMES) {
  Deno.test(`parseName ${name === null ? "refuses" : "takes"} ${what}`, () => {
    const parsed = parseName(input);
    assertEquals(parsed.ok ? parsed.name : null, name);
  });
}

Deno.test("parseName says how long a name that is too long is", () => {
  assertEquals(parseName("x".repeat(40)), {
    ok: false,
    reason: "A name must have 1 to 32 characters: this one has 40",
  });
});

Deno.test("nameKey is the same for names that differ only in case", () => {
  const pairs = [["Alice", "aLICE"], ["ÉVA", "éva"], ["Straße", "STRASSE"], ["ΟΔΟΣ", "οδος"]];
  for (const [one, other] of pairs) assertEquals(nameKey(one!), nameKey(other!));
});

const ROOMS: [name: string, fits: boolean][] = [
  ["general", true],
  ["a", true],
  ["0-9", true],
  ["a".repeat(32), true],
  ["", false],
  ["a".repeat(33), false],
  ["-a", false],
  ["General", false],
  ["a b", false],
  ["a/b", false],
  ["~a", false],
  ["é", false],
  ["a\n", false],
];

for (const [name, fits] of ROOMS) {
  Deno.test(`isRoomName ${fits ? "takes" : "refuses"} ${JSON.stringify(name)}`, () => {
    assertEquals(isRoomName(name), fits);
  });
}

Deno.test("countChars counts code points as the string iterator does", () => {
  for (
    const text of ["", "abc", "😀", "a😀b", "\uD800", "\uDC00\uD800", "👩‍💻", "\uD83D\uD83D\uDE00"]
  ) {
    assertEquals(countChars(text), [...text].length);
  }
});
