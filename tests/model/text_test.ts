import { assertEquals } from "@std/assert";
import { isEmoji } from "../../lib/model/emoji.ts";
import { may } from "../../lib/model/may.ts";
import { parseText } from "../../lib/model/text.ts";

const TEXTS: [what: string, input: string, then: string | { code: string }][] = [
  ["a text", "hello", "hello"],
  ["white space around a text as it is", "  code\n", "  code\n"],
  ["as many characters as allowed, of two units each", "😀".repeat(10), "😀".repeat(10)],
  ["half a surrogate pair as U+FFFD", "a\uD800b", "a\uFFFDb"],
  ["NUL as U+FFFD", "a\0b", "a\uFFFDb"],
  ["markup as it is", "<b>&", "<b>&"],
  ["nothing but white space not at all", " \n\t ", { code: "bad_request" }],
  ["an empty text not at all", "", { code: "bad_request" }],
  ["one character too many not at all", "x".repeat(11), { code: "too_long" }],
];

for (const [what, input, then] of TEXTS) {
  Deno.test(`parseText takes ${what}`, () => {
    const parsed = parseText(input, 10);
    assertEquals<unknown>(parsed.ok ? parsed.text : { code: parsed.code }, then);
  });
}

Deno.test("isEmoji takes one whole emoji, and nothing else", () => {
  const rows: [string, boolean][] = [
    ["👍", true],
    ["👍🏽", true],
    ["👩‍💻", true],
    ["🇩🇪", true],
    ["❤️", true],
    ["👍👍", false],
    ["a", false],
    ["1", false],
    ["", false],
    ["👍a", false],
    ["\u200D", false],
  ];
  for (const [text, is] of rows) assertEquals([text, isEmoji(text)], [text, is]);
});

Deno.test("may lets people speak in rooms, and change only what is theirs", () => {
  const user = { id: "aaaaaaaaaaaa", name: "Ann" };
  const rows: [Parameters<typeof may>, boolean][] = [
    [[user, "join", "general"], true],
    [[user, "send", "general"], true],
    [[user, "join", "~direct"], false],
    [[user, "read", "No Room"], false],
    [[user, "edit", "general", { author: user.id }], true],
    [[user, "edit", "general", { author: "bbbbbbbbbbbb" }], false],
    [[user, "edit", "general", { author: "bbbbbbbbbbbb", moderator: true }], false],
    [[user, "delete", "general", { author: user.id }], true],
    [[user, "delete", "general", { author: "bbbbbbbbbbbb" }], false],
    [[user, "delete", "general", { author: "bbbbbbbbbbbb", moderator: true }], true],
    [[user, "delete", "general"], false],
    [[user, "react", "general", { author: "bbbbbbbbbbbb" }], true],
  ];
  for (const [args, allowed] of rows) assertEquals([args, may(...args)], [args, allowed]);
});
