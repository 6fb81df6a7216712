import { assertEquals } from "@std/assert";
import { findLinks } from "../../static/js/links.js";

const CASES: readonly [name: string, text: string, links: readonly string[]][] = [
  ["no address", "just words, and a.dot", []],
  ["an address alone", "https://example.com/", ["https://example.com/"]],
  ["an address in a sentence", "See http://example.com/a?b=c#d.", ["http://example.com/a?b=c#d"]],
  ["an address in brackets", "(https://example.com/a)", ["https://example.com/a"]],
  ["brackets in an address", "https://example.com/a_(b), yes", ["https://example.com/a_(b)"]],
  ["two addresses", "https://a.example/ https://b.example/", [
    "https://a.example/",
    "https://b.example/",
  ]],
  ["a scheme that runs code", "javascript:alert(1) data:text/html,x", []],
  ["a scheme without a host", "https://", []],
  ["markup", '<a href="https://example.com/x">', ["https://example.com/x"]],
  ["another script around it", "看https://example.com/路 吧", ["https://example.com/%E8%B7%AF"]],
];

for (const [name, text, links] of CASES) {
  Deno.test(`links: ${name}`, () => {
    const pieces = findLinks(text);
    assertEquals(pieces.flatMap(({ href }) => href === undefined ? [] : [href]), links);
    assertEquals(pieces.map((piece) => piece.text).join(""), text);
  });
}
