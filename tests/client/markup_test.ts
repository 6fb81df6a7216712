import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { Names } from "../../static/js/markup/names.js";
import { parse } from "../../static/js/markup/parse.js";
import { toExcerpt, toPlain } from "../../static/js/markup/plain.js";
import { beginningOf, isTall } from "../../static/js/markup/tall.js";
import type { Block, Inline } from "../../static/js/markup/tree.js";

const NAMES = new Names(["Bob", "Mary Ann", "Straße"], "Alice");

/** A tree on one line: `b(…)` for bold and so on. */
function show(blocks: readonly Block[]): string {
  return blocks.map((block) => {
    switch (block.kind) {
      case "paragraph":
        return showLine(block.children);
      case "pre":
        return `pre(${block.text})`;
      case "quote":
        return `quote(${show(block.children)})`;
      case "list":
        return block.items.map(({ marker, children }) => `${marker}(${show(children)})`).join("");
    }
  }).join("|");
}

function showLine(pieces: readonly Inline[]): string {
  const letters = { strong: "b", emphasis: "i", strike: "s" } as const;
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text":
        return piece.text;
      case "code":
        return `code(${piece.text})`;
      case "mention":
        return piece.me ? `me(${piece.text})` : `@(${piece.text})`;
      case "link":
        return `a(${showLine(piece.children)} -> ${piece.href})`;
      default:
        return `${letters[piece.kind]}(${showLine(piece.children)})`;
    }
  }).join("");
}

const FORMATTED: readonly [name: string, text: string, tree: string][] = [
  ["bold, italics, strike and code", "**a** *b* _c_ ~~d~~ `e`", "b(a) i(b) i(c) s(d) code(e)"],
  ["bold and italics at once", "***a***", "i(b(a))"],
  ["bold within italics, closed together", "*a **b***", "i(a b(b))"],
  ["italics around bold, opened together", "***a** b*", "i(b(a) b)"],
  ["formats within one another", "**a _b ~~c~~_**", "b(a i(b s(c)))"],
  ["a script without spaces", "これは**太字**です", "これはb(太字)です"],
  [
    "nothing is formatted within code",
    "`**a** @Bob https://a.example`",
    "code(**a** @Bob https://a.example)",
  ],
  ["a backtick within code", "`` a`b ``", "code(a`b)"],
  [
    "a link with a name",
    "[see *this*](https://a.example/b_(c))",
    "a(see i(this) -> https://a.example/b_(c))",
  ],
  [
    "an address in a sentence",
    "See https://a.example/b?c=d#e.",
    "See a(https://a.example/b?c=d#e -> https://a.example/b?c=d#e).",
  ],
  [
    "an address in brackets",
    "(https://a.example/a)",
    "(a(https://a.example/a -> https://a.example/a))",
  ],
  [
    "brackets in an address",
    "https://a.example/a_(b), yes",
    "a(https://a.example/a_(b) -> https://a.example/a_(b)), yes",
  ],
  ["a formatted address", "*https://a.example/*", "i(a(https://a.example/ -> https://a.example/))"],
  [
    "an address between two scripts",
    "看https://a.example/路 吧",
    "看a(https://a.example/路 -> https://a.example/%E8%B7%AF) 吧",
  ],
  ["an address of mail", "mailto:ann@a.example", "a(mailto:ann@a.example -> mailto:ann@a.example)"],
  [
    "mentions, in any case",
    "@alice, @MARY ANN and @STRASSE",
    "me(@alice), @(@MARY ANN) and @(@STRASSE)",
  ],
  ["a quote and its answer", "> a\n> **b**\nc", "quote(a\nb(b))|c"],
  ["a list in a quote", "> - a\n> - b", "quote(•(a)•(b))"],
  ["a list of bullets", "a:\n- b\n* *c*", "a:|•(b)•(i(c))"],
  ["a numbered list", "1. a\n2) b", "1.(a)2)(b)"],
  ["a list within a list", "1. a\n   - b\n   - c\n2. d", "1.(a|•(b)•(c))2.(d)"],
  ["a block of code with its language", "a\n```ts\n*b*\n\n> c\n```\nd", "a|pre(*b*\n\n> c)|d"],
  ["a block of code that begins at its fence", "```a b\nc```", "pre(a b\nc)"],
  ["blank lines around blocks", "a\n\n- b\n\nc", "a|•(b)|c"],
];

for (const [name, text, tree] of FORMATTED) {
  Deno.test(`markup: ${name}`, () => assertEquals(show(parse(text, NAMES)), tree));
}

const PLAIN: readonly [name: string, text: string][] = [
  ["what is not closed", "**a *b _c ~~d `e [f](g"],
  ["what closes otherwise than it opens", "**a* ~~b~"],
  ["delimiters with spaces around", "2 * 3 * 4, a _ b _ c"],
  ["delimiters within words", "2*3*4, snake_case_name, __init__.py, a~~b~~c"],
  ["delimiters alone", "** * *** **** ~~~~ ``"],
  ["lines and spaces", "  a\n\n\n b  \n"],
  ["formats do not go on in the next line", "*a\nb*"],
  ["arrows and faces", ">:( -> :-) -1 +1 #general"],
  ["a fence that is never closed", "```\na\nb"],
  [
    "schemes that run code",
    "[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) javascript:x",
  ],
  [
    "a scheme with control characters",
    "[a](java\tscript:x) [b](\u0001javascript:x) [c](&#106;avascript:x)",
  ],
  ["an address without a host", "https:// [a](https://) mailto:"],
  ["a link without a name", "[](http:// a) []( )"],
  ["names of nobody, and within words", "@Carol me@bob.example @Bobby @"],
];

for (const [name, text] of PLAIN) {
  Deno.test(`markup: ${name} stay as they are`, () => {
    assertEquals(parse(text, NAMES), [{ kind: "paragraph", children: [{ kind: "text", text }] }]);
  });
}

Deno.test("markup: a link cannot go by another address than its own", () => {
  assertEquals(
    show(parse("[bank.example](https://evil.example/)")),
    "[bank.example](a(https://evil.example/ -> https://evil.example/))",
  );
  assertEquals(
    show(parse("[bank.example](https://bank.example/in)")),
    "a(bank.example -> https://bank.example/in)",
  );
});

Deno.test("markup: nothing is nested without end", () => {
  const deep = (blocks: readonly (Block | Inline)[]): number =>
    blocks.length === 0
      ? 0
      : 1 + Math.max(...blocks.map((block) =>
        "items" in block
          ? Math.max(...block.items.map(({ children }) =>
            deep(children)
          ))
          : "children" in block
          ? deep(block.children)
          : 0
      ));
  const nested = [
    "> ".repeat(1_000) + "a",
    "- ".repeat(1_000) + "a",
    "*a _b ".repeat(500) + "c_ d* ".repeat(500),
  ];
  for (const text of nested) {
    const tree = parse(text);
    assert(deep(tree) <= 16, `${text.slice(0, 12)} is ${deep(tree)} deep`);
  }
  assertEquals(toPlain(nested[2]!).length > 2_000, true, "what is too deep is still there");
});

const BAITS: Readonly<Record<string, (size: number) => string>> = {
  "delimiters that are never closed": (size) => "*a _b ~~c ".repeat(size / 10),
  "spans within one another": (size) => "*a _b ".repeat(size / 12) + "b_ a* ".repeat(size / 12),
  "brackets that open": (size) => "[a](".repeat(size / 4),
  "links within one another": (size) =>
    "[a](https://x.y/".repeat(size / 16) + ")".repeat(size / 16),
  "brackets that open, then close": (size) =>
    "[".repeat(size / 16) + "](https://a.b)".repeat(size / 16),
  "backticks of all lengths": (size) =>
    Array.from({ length: Math.sqrt(size) }, (_, length) => "`".repeat(length) + "a").join(""),
  "an address that ends in dots, almost": (size) => "https://" + ".".repeat(size) + "a",
  "an address of brackets": (size) => "https://a.b/" + "(".repeat(size / 2) + ")".repeat(size / 2),
  "addresses that are none": (size) => "https://[".repeat(size / 9),
  "quotes of quotes": (size) => "> ".repeat(size / 2),
  "fences": (size) => "```\n".repeat(size / 4),
  "fences that never close": (size) => "```a\n".repeat(size / 5),
  "lists of lists": (size) =>
    Array.from({ length: Math.sqrt(size) }, (_, depth) => "  ".repeat(depth) + "- a").join("\n"),
  "mentions": (size) => "@a ".repeat(size / 3),
  "spaces": (size) => "- " + " ".repeat(size) + "\n```" + " ".repeat(size) + "a",
};

for (const [name, bait] of Object.entries(BAITS)) {
  Deno.test(`markup: ten times as many ${name} take no more than some ten times as long`, () => {
    const small = fastest(bait(20_000));
    const large = fastest(bait(200_000));
    // The square would be a hundred times. Below a millisecond the clock decides.
    assert(large < 35 * Math.max(small, 1), `${small.toFixed(1)} ms, then ${large.toFixed(1)} ms`);
  });
}

/** How much of a processor a text takes, in milliseconds: the best of five, as the compiler adds to the first. */
function fastest(text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    parse(text, NAMES);
    const { system, user } = process.cpuUsage(before);
    return (system + user) / 1_000;
  });
  return Math.min(...times);
}

Deno.test("markup: an excerpt is the first line with words, without its markup", () => {
  assertEquals(toExcerpt("\n\n> **so** `it` [goes](https://a.example)\nand on"), "so it goes");
  assertEquals(toExcerpt("- milk\n- bread"), "• milk");
  assertEquals(toExcerpt("```\ncode\n```"), "code");
  assertEquals(toExcerpt(""), "");
});

Deno.test("the beginning of a tall message is short, and ends between two letters", () => {
  assertEquals(beginningOf("a\n".repeat(100)).split("\n").length, 24);
  const beginning = beginningOf("a" + "😀".repeat(2_000));
  assert(beginning.length <= 2_000 && beginning.isWellFormed());
});

Deno.test("markup: what has more parts than a page can bear goes on as text", () => {
  const tree = parse("*a* ".repeat(5_000));
  const [paragraph] = tree;
  assert(paragraph?.kind === "paragraph" && paragraph.children.length < 2_000);
  assertEquals(toPlain("*a* ".repeat(5_000)).endsWith("*a* *a* "), true);
});

Deno.test("a message is tall by its lines and by its letters, not by the marks on them", () => {
  assertEquals(isTall("a\n".repeat(30), 80), true);
  assertEquals(isTall("a ".repeat(1_000), 80), true);
  assertEquals(isTall("a ".repeat(500), 80), false);
  assertEquals(isTall("a" + "\u0301".repeat(1_999), 80), false);
  assertEquals(isTall("a" + "\u0301".repeat(10_000), 80), true, "it would take long to lay out");
});
