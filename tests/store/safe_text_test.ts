import { assert, assertEquals } from "@std/assert";
import { escapeText, unescapeText } from "../../lib/store/safe_text.ts";

Deno.test("escapeText leaves alone what every engine can keep", () => {
  for (
    const text of [
      "",
      "Hello",
      "👩‍👩‍👧‍👦 𝒳",
      "\ufffe\uffff\ufdcf\ufdd1",
      "\x01\x1f\x7f\\u0000",
      "\ufeffa",
    ]
  ) {
    assertEquals(escapeText(text), text);
  }
});

Deno.test("escapeText makes a text that UTF-8 and C carry, and unescapeText makes it what it was", () => {
  const units = ["\0", "\ud83d", "\udc00", "\ufdd0", "0", "d", "😀"];
  const texts = units.flatMap((a) => units.flatMap((b) => units.map((c) => a + b + c)));
  for (const text of texts) {
    const safe = escapeText(text);
    assert(safe.isWellFormed());
    assert(!safe.includes("\0"));
    assertEquals(unescapeText(safe), text);
  }
  assertEquals(new Set(texts.map(escapeText)).size, new Set(texts).size);
});

Deno.test("unescapeText gives every single code unit back", () => {
  const text = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join(" ");
  assertEquals(unescapeText(escapeText(text)), text);
});
