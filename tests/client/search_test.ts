import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import * as fc from "fast-check";
import { excerpt, highlight } from "../../static/js/search/highlight.js";
import { parseSearch } from "../../static/js/search/query.js";
import { Search } from "../../static/js/search/search.js";

const day = (year: number, month: number, date: number) =>
  new Date(year, month - 1, date).getTime();

const QUERIES: [name: string, text: string, query: ReturnType<typeof parseSearch>][] = [
  ["words alone", "hello wor", { q: "hello wor" }],
  ["a space at the end stays: the word is whole", "hello ", { q: "hello " }],
  ["a room, however it is written", "plan in:#Team_Room", { q: "plan ", room: "team-room" }],
  ["a name", "from:@alice plan", { q: "plan", from: "alice" }],
  ["a name of two words", 'from:"Alice B" plan', { q: "plan", from: "Alice B" }],
  ["after a day", "x after:2026-11-01", { q: "x ", since: day(2026, 11, 2) }],
  ["before a day", "x before:2026-11-01", { q: "x ", until: day(2026, 11, 1) }],
  ["on a day", "on:2026-2-28 x", {
    q: "x",
    since: day(2026, 2, 28),
    until: day(2026, 3, 1),
  }],
  ["a day that is none is a word", "on:2026-02-30 x", { q: "on:2026-02-30 x" }],
  ["a colon within a word is no condition", "login:please", { q: "login:please" }],
  ["phrases stay", '"so it is" from:bob', { q: '"so it is" ', from: "bob" }],
];

for (const [name, text, query] of QUERIES) {
  Deno.test(`a search reads ${name}`, () => assertEquals(parseSearch(text), query));
}

const marked = (text: string, q: string) =>
  highlight(text, q).map(({ text, found }) => found ? `[${text}]` : text).join("");

Deno.test("a search marks words without regard to case and accents, the last at its beginning", () => {
  assertEquals(marked("Über Café und Cafeteria", "cafe"), "Über [Café] und [Cafeteria]");
  assertEquals(marked("Über Café und Cafeteria", "cafe "), "Über [Café] und Cafeteria");
  assertEquals(marked("the theme", "the the"), "[the] [theme]");
  assertEquals(marked("nothing here", "else"), "nothing here");
});

Deno.test("what a search marks joins to the text again", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, q) => {
    assertEquals(highlight(text, q).map((piece) => piece.text).join(""), text);
  }));
});

Deno.test("an excerpt begins a little before the first match, and ends", () => {
  const text = `${"word ".repeat(50)}needle ${"more ".repeat(80)}`;
  const pieces = excerpt(text, "needle");
  assertEquals(pieces[0], { text: "…", found: false });
  assertEquals(pieces.at(-1), { text: "…", found: false });
  assertEquals(pieces.filter(({ found }) => found), [{ text: "needle", found: true }]);
  assertEquals(excerpt("a needle", "needle"), highlight("a needle", "needle"));
});

/** A server that answers when it is told to. */
function manual() {
  const asked: {
    query: URLSearchParams;
    answer: (texts: string[], more?: boolean) => void;
    refuse: (why: string) => void;
  }[] = [];
  return {
    asked,
    ask: (query: URLSearchParams) =>
      // deno-lint-ignore no-explicit-any
      new Promise<any>((resolve, reject) =>
        asked.push({
          query,
          answer: (texts, more = false) =>
            resolve({ messages: texts.map((text) => ({ text })), more }),
          refuse: (why) => reject(new Error(why)),
        })
      ),
  };
}

const texts = (search: Search) => search.messages.map(({ text }) => text);

Deno.test("somebody who types is answered once, when they pause", async () => {
  using time = new FakeTime();
  const { asked, ask } = manual();
  const search = new Search({ ask, onChange: () => {} });
  for (const text of ["h", "he", "in:general hel"]) search.type(text);
  assertEquals(asked.length, 0);
  await time.tickAsync(250);
  assertEquals(asked.map(({ query }) => query.toString()), [
    "limit=20&offset=0&q=hel&room=general",
  ]);
  assertEquals(search.state, "searching");
  asked[0]!.answer(["hello"]);
  await time.runMicrotasks();
  assertEquals([search.state, texts(search)], ["done", ["hello"]]);
});

Deno.test("an answer that comes after the next question is not shown", async () => {
  const { asked, ask } = manual();
  const search = new Search({ ask, onChange: () => {} });
  const first = search.look("one");
  const second = search.look("two");
  asked[1]!.answer(["two"]);
  asked[0]!.answer(["one"]);
  await Promise.all([first, second]);
  assertEquals(texts(search), ["two"]);
});

Deno.test("more of what was found is added, and nothing of it after a new question", async () => {
  const { asked, ask } = manual();
  const search = new Search({ ask, onChange: () => {} });
  const first = search.look("x");
  asked[0]!.answer(["x1"], true);
  await first;
  const more = search.loadMore();
  assertEquals(asked[1]!.query.get("offset"), "1");
  asked[1]!.answer(["x2"]);
  await more;
  assertEquals([texts(search), search.more], [["x1", "x2"], false]);
  search.clear();
  assertEquals([search.state, texts(search)], ["idle", []]);
});

Deno.test("a search that fails says why, and keeps what was found before", async () => {
  const { asked, ask } = manual();
  const search = new Search({ ask, onChange: () => {} });
  const first = search.look("x");
  asked[0]!.answer(["x1"]);
  await first;
  const second = search.look("y");
  asked[1]!.refuse("The server cannot be reached.");
  await second;
  assertEquals([search.state, search.problem], ["failed", "The server cannot be reached."]);
});
