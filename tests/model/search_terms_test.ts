import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MAX_SEARCH_CHARS, MAX_SEARCH_WORDS, parseSearch } from "../../lib/model/search_terms.ts";

/** What is typed, and what is looked for: words of a phrase in a list of their own, `*` at the end of a beginning. */
const READ: Readonly<Record<string, [typed: string, terms: (string | string[])[]]>> = {
  "a word, which may go on": ["tea", ["tea*"]],
  "a whole word, before a space": ["tea ", ["tea"]],
  "several words": ["  green  tea\tcup", ["green", "tea", "cup*"]],
  "a phrase": ['"green tea"', [["green", "tea"]]],
  "a phrase among words": ['cup "green tea" hot', ["cup", ["green", "tea"], "hot*"]],
  "a phrase right after a word": ['cup"green tea"', ["cup", ["green", "tea"]]],
  "a phrase that is not closed, which may go on": ['"green te', [["green", "te*"]]],
  "a phrase of one word": ['"tea"', ["tea"]],
  "two phrases": ['"a b""c d"', [["a", "b"], ["c", "d"]]],
  "the quotes of a phone": ["“green tea” cup", [["green", "tea"], "cup*"]],
  "no empty phrase": ['"" tea "  "', ["tea"]],
  "punctuation as part of a word": ["don't x-ray example.com/a", [
    "don't",
    "x-ray",
    "example.com/a*",
  ]],
  "no word without a letter or a digit": ["tea - 🎉 & cup !", ["tea", "cup"]],
  "other scripts": ["чай 緑茶 हिन्दी", ["чай", "緑茶", "हिन्दी*"]],
  "digits": ["3.14 -5", ["3.14", "-5*"]],
  "no operator": ["tea OR cup NOT NEAR", ["tea", "OR", "cup", "NOT", "NEAR*"]],
  "NUL and other controls as spaces": ["green\0tea\u0007", ["green", "tea"]],
  "half a surrogate pair as part of no word": ["tea \uD83C", ["tea"]],
};

for (const [name, [typed, expected]] of Object.entries(READ)) {
  Deno.test(`parseSearch reads ${name}`, () => {
    const parsed = parseSearch(typed);
    assert(parsed.ok);
    const terms = parsed.terms.map(({ words, prefix }) => {
      const shown = words.map((word, i) => prefix && i === words.length - 1 ? `${word}*` : word);
      return shown.length === 1 ? shown[0]! : shown;
    });
    assertEquals(terms, expected);
  });
}

for (
  const [name, typed] of Object.entries({
    nothing: "",
    blanks: " \t\n",
    "quotes alone": '"" "',
    "punctuation alone": "-- * ( ) : ^ &",
    "an emoji": "🎉",
    "more characters than allowed": "x".repeat(MAX_SEARCH_CHARS + 1),
    "more words than allowed": "x ".repeat(MAX_SEARCH_WORDS + 1),
  })
) {
  Deno.test(`parseSearch refuses ${name}, and says why`, () => {
    const parsed = parseSearch(typed);
    assert(!parsed.ok && parsed.reason.startsWith("Must "));
  });
}

Deno.test("parseSearch takes as many characters and words as are allowed", () => {
  assert(parseSearch("🎉".repeat(MAX_SEARCH_CHARS - 1) + "x").ok);
  assert(parseSearch("x ".repeat(MAX_SEARCH_WORDS)).ok);
});

const typed = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."ab \"'“-*é中\0\uD800:".split("")),
    fc.string({ unit: "grapheme", maxLength: 1 }),
  ),
  maxLength: 60,
});

Deno.test("parseSearch makes of any text either a reason or words of that text, in order", () => {
  fc.assert(fc.property(typed, (text) => {
    const parsed = parseSearch(text);
    if (!parsed.ok) return;
    assert(parsed.terms.length > 0);
    let from = 0;
    for (const { words } of parsed.terms) {
      assert(words.length > 0);
      for (const word of words) {
        assert(/[\p{L}\p{N}]/u.test(word) && !/[\s"“”„\0]/.test(word), word);
        const at = text.toWellFormed().indexOf(word, from);
        assert(at >= from);
        from = at + word.length;
      }
    }
  }));
});

Deno.test("parseSearch lets only the last word go on, and only at the end of the text", () => {
  fc.assert(fc.property(typed, (text) => {
    const [parsed, closed] = [parseSearch(text), parseSearch(`${text} `)];
    assertEquals(parsed.ok, closed.ok);
    if (!parsed.ok || !closed.ok) return;
    assertEquals(parsed.terms.slice(0, -1).some(({ prefix }) => prefix), false);
    assertEquals(closed.terms.some(({ prefix }) => prefix), false);
    assertEquals(closed.terms.map(({ words }) => words), parsed.terms.map(({ words }) => words));
  }));
});
