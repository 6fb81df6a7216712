import { assert, assertEquals } from "@std/assert";
import { parseSearch } from "../../lib/model/search_terms.ts";
import { MAX_RANKED, type SearchQuery, type Store } from "../../lib/store/store.ts";
import type { Contract, Setting } from "./contract.ts";
import { append, edit, react, remove, send, TIME } from "./drafts.ts";
import { ALICE, BOB } from "./people.ts";

/** The texts that are found for what somebody types. */
async function find(
  store: Store,
  typed: string,
  query: Partial<SearchQuery> = {},
): Promise<(string | undefined)[]> {
  const parsed = parseSearch(typed);
  assert(parsed.ok, typed);
  const found = await store.search({
    terms: parsed.terms,
    directs: [],
    offset: 0,
    limit: 50,
    ...query,
  });
  return found!.map(({ text }) => text);
}

/** Says texts, one after the other, and answers their ids. */
async function say(store: Store, ...texts: string[]): Promise<string[]> {
  const drafts = texts.map((text) => send({ text }));
  await store.append(drafts);
  return drafts.map(({ id }) => id);
}

/** What is said, what is looked for, and which of the texts are found. */
const FOUND: Readonly<
  Record<string, [said: string[], typed: string, found: string[], query?: Partial<SearchQuery>]>
> = {
  "a word": [["green tea", "coffee"], "tea ", ["green tea"]],
  "a word in any case": [["Green TEA"], "tEa ", ["Green TEA"]],
  "a word in any case, beyond ASCII": [["ПРИВЕТ Åse"], "привет åse ", ["ПРИВЕТ Åse"]],
  "words in other scripts": [["नमस्ते दुनिया", "緑茶"], "दुनिया ", ["नमस्ते दुनिया"]],
  "a word by its beginning": [["teapot", "tea", "steam"], "te", ["tea", "teapot"]],
  "no beginning if the word is whole": [["teapot", "tea"], "tea ", ["tea"]],
  "only the last word by its beginning": [["green tea", "greens tea"], "green te", ["green tea"]],
  "several words, in any order": [["tea, green", "green", "tea"], "green tea ", ["tea, green"]],
  "a phrase in its order only": [
    ["green tea", "tea green", "green hot tea"],
    '"green tea"',
    ["green tea"],
  ],
  "a phrase over punctuation": [["Green, tea!"], '"green tea"', ["Green, tea!"]],
  "a phrase whose last word goes on": [["green teapot", "green cup"], '"green te', [
    "green teapot",
  ]],
  "a word and a phrase": [["hot green tea", "green tea"], 'hot "green tea"', ["hot green tea"]],
  "a word among emoji": [["tea🎉time"], "time ", ["tea🎉time"]],
  "a word after an emoji that is passed over": [["tea 🎉"], "🎉 tea ", ["tea 🎉"]],
  "a word with an apostrophe": [["don't do it", "do it"], "don't ", ["don't do it"]],
  "a word with a hyphen": [["an x-ray", "a ray x"], "x-ray ", ["an x-ray"]],
  "a word with a hyphen, by its beginning": [["an x-ray"], "x-ra", ["an x-ray"]],
  "an address": [["see https://example.com/a?b=c now"], "https://example.com/a?b=c ", [
    "see https://example.com/a?b=c now",
  ]],
  "a number": [["version 3.14 of 2026"], "3.14 ", ["version 3.14 of 2026"]],
  "nothing where there is no such word": [["tea"], "coffee ", []],
  "nothing where one of the words is missing": [["tea"], "tea coffee ", []],
};

/** What would be something else than words to an engine that took it as it comes. */
const HOSTILE = [
  `tea" OR "1`,
  `tea'); DROP TABLE message; --`,
  "tea OR coffee",
  "tea NOT coffee",
  "NEAR(tea coffee)",
  "text:tea",
  "text : tea",
  "{text} : tea",
  "- tea",
  "^tea",
  "tea*",
  "te* AND *",
  "(tea",
  "tea)",
  "tea + coffee",
  "tea & coffee",
  "tea | coffee",
  "!tea",
  "tea <-> coffee",
  "tea:*",
  "tea:A",
  "\\tea\\",
  "'tea'",
  "%tea%",
  "$1 tea",
  "tea\0coffee",
  "tea \uD83C",
  "\uFDD0tea",
  "tea\uFDD00000",
  '"',
];

const cases: Readonly<Record<string, (setting: Setting) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(FOUND).map(([name, [said, typed, found, query]]): [string, Contract[string]] => [
      `finds ${name}`,
      async ({ store, other }) => {
        await say(store, ...said);
        assertEquals((await find(other, typed, query)).toSorted(), found.toSorted());
      },
    ]),
  ),

  "finds a whole message": async ({ store, other }) => {
    const parent = send({ text: "coffee" });
    const draft = send({ text: "Green tea", reply_to: parent.id });
    await store.append([parent, draft, react(draft.id, "👍"), edit(draft.id, "Black tea")]);
    const parsed = parseSearch("tea");
    assert(parsed.ok);
    const found = await other.search({ terms: parsed.terms, directs: [], offset: 0, limit: 10 });
    assertEquals(found, [(await store.message("general", draft.id))!]);
    assertEquals(found?.[0]?.reactions, { "👍": [draft.user_id] });
  },

  "finds what was said just before, through any handle": async ({ store, other }) => {
    for (let i = 0; i < 20; i++) {
      await say(store, `word${i}`);
      assertEquals(await find(other, `word${i} `), [`word${i}`]);
    }
  },

  "finds a text that was edited by its new words, and not by its old ones": async (
    { store, other },
  ) => {
    const [before, after] = await say(store, "green tea", "green cup");
    await append(store, edit(before!, "black tea"));
    assertEquals(await find(other, "green "), ["green cup"]);
    assertEquals(await find(other, "black "), ["black tea"]);
    // These are in the index by now.
    await store.append([edit(before!, "red tea"), edit(after!, "red cup")]);
    assertEquals(await find(other, "green "), []);
    assertEquals(await find(other, "black "), []);
    assertEquals(await find(other, "red ", { newest: true }), ["red cup", "red tea"]);
  },

  "finds no text that was deleted": async ({ store, other }) => {
    const [early, late] = await say(store, "green tea", "black tea");
    await append(store, remove(early!));
    assertEquals(await find(other, "tea "), ["black tea"]);
    await append(store, remove(late!));
    assertEquals(await find(other, "tea "), []);
  },

  "finds no message that is not kept": async ({ store, other }) => {
    const [first, second, third, last] = ["tea one", "tea two", "tea three", "tea four"];
    await say(store, first!, second!);
    assertEquals((await find(other, "tea ")).length, 2);
    await say(store, third!, last!);
    for (let from: string | undefined = ""; from !== undefined;) {
      from = await store.prune({ sentBefore: 0, perRoom: 1 }, from);
    }
    assertEquals(await find(other, "tea "), [last]);
  },

  "finds what is said in the place of messages that are not kept": async ({ store, other }) => {
    const first = send({ text: "tea", room: "a", time: TIME });
    const rest = Array.from({ length: 3 }, () => send({ text: "tea", room: "b", time: TIME }));
    await store.append([first, ...rest]);
    assertEquals((await find(other, "tea ")).length, 4);
    await append(store, edit(rest[0]!.id, "cup", "b"));
    for (let from: string | undefined = ""; from !== undefined;) {
      from = await store.prune({ sentBefore: TIME + 1, perRoom: Infinity }, from);
    }
    assertEquals(await find(other, "tea "), ["tea"]);
    await say(store, "tea again", "tea and again", "tea for ever");
    assertEquals((await find(other, "tea ")).length, 4);
    assertEquals(await find(other, "cup "), ["cup"]);
  },

  "puts those first that fit best": async ({ store }) => {
    const filler = "and many other words that nobody looks for in a text of this length";
    await say(store, `${filler} tea ${filler}`, "tea", `tea ${filler}`, "coffee");
    assertEquals(await find(store, "tea "), [
      "tea",
      `tea ${filler}`,
      `${filler} tea ${filler}`,
    ]);
  },

  "puts the newest first of those that fit equally well": async ({ store }) => {
    const ids = await say(store, ...Array<string>(10).fill("tea"));
    const parsed = parseSearch("tea");
    assert(parsed.ok);
    const found = await store.search({ terms: parsed.terms, directs: [], offset: 0, limit: 10 });
    assertEquals(found!.map(({ id }) => id), ids.toReversed());
  },

  "puts the newest first if asked for": async ({ store }) => {
    await say(store, "tea", "a long text in which there is tea as well", "tea tea", "cup");
    assertEquals(await find(store, "tea ", { newest: true }), [
      "tea tea",
      "a long text in which there is tea as well",
      "tea",
    ]);
  },

  "gives a part of what it finds": async ({ store }) => {
    await say(store, ...Array.from({ length: 10 }, (_, i) => `tea ${i}`));
    const part = (offset: number, limit: number) =>
      find(store, "tea ", { newest: true, offset, limit });
    assertEquals(await part(0, 3), ["tea 9", "tea 8", "tea 7"]);
    assertEquals(await part(3, 3), ["tea 6", "tea 5", "tea 4"]);
    assertEquals(await part(9, 3), ["tea 0"]);
    assertEquals(await part(10, 3), []);
    const [all, best] = [await find(store, "tea "), await find(store, "tea ", { offset: 4 })];
    assertEquals([all.length, best], [10, all.slice(4)]);
  },

  "finds only messages of a room, an author, a time": async ({ store }) => {
    const said = [
      send({ text: "tea a", time: 1000 }),
      send({ text: "tea b", time: 2000, username: "Bob", user_id: BOB.id }),
      send({ text: "tea c", time: 3000, room: "kitchen" }),
      send({ text: "tea d", time: 4000, username: "BOB", user_id: ALICE.id }),
      send({ text: "tea e", time: 5000, username: "Bobby" }),
    ];
    await store.append(said);
    const some = (query: Partial<SearchQuery>) => find(store, "tea ", { newest: true, ...query });
    assertEquals(await some({ room: "kitchen" }), ["tea c"]);
    assertEquals(await some({ room: "nowhere" }), []);
    assertEquals(await some({ author: "bob" }), ["tea d", "tea b"]);
    assertEquals(await some({ author: "nobody" }), []);
    assertEquals(await some({ since: 3000 }), ["tea e", "tea d", "tea c"]);
    assertEquals(await some({ until: 3000 }), ["tea b", "tea a"]);
    assertEquals(await some({ since: 2000, until: 4000 }), ["tea c", "tea b"]);
    assertEquals(await some({ room: "general", author: "Bob", since: 3000 }), ["tea d"]);
  },

  "finds nothing said in a direct room but in those that are named": async ({ store }) => {
    const [theirs, others] = ["~01HF7YAT000000000000000001", "~01HF7YAT000000000000000002"];
    await store.append([
      send({ text: "tea in public" }),
      send({ text: "tea of theirs", room: theirs }),
      send({ text: "tea of others", room: others }),
    ]);
    const some = (query: Partial<SearchQuery>) => find(store, "tea ", { newest: true, ...query });
    assertEquals(await some({}), ["tea in public"]);
    assertEquals(await some({ directs: [theirs!] }), ["tea of theirs", "tea in public"]);
    assertEquals(await some({ room: others }), ["tea of others"]);
    assertEquals(await some({ room: "general", directs: [theirs!] }), ["tea in public"]);
  },

  "takes for words whatever somebody types": async ({ store }) => {
    await say(store, "tea", "coffee", "unrelated");
    for (const typed of HOSTILE) {
      const parsed = parseSearch(typed);
      if (!parsed.ok) continue;
      const found = await find(store, typed);
      assert(!found.includes("unrelated") && !found.includes("coffee"), typed);
    }
    assertEquals(await find(store, `tea"`), ["tea"]);
    assertEquals(await find(store, "tea*"), ["tea"]);
    assertEquals(await find(store, "^tea)"), ["tea"]);
  },

  "finds words in a text of 50,000 characters": async ({ store }) => {
    await say(store, `${"word ".repeat(9_990)}last`);
    assertEquals((await find(store, "last ")).length, 1);
  },

  "finds the newest of very many that hold a word": async ({ store }) => {
    const count = MAX_RANKED + 500;
    await say(store, ...Array.from({ length: count }, (_, i) => `tea ${i}`));
    assertEquals(await find(store, "tea ", { newest: true, limit: 2 }), [
      `tea ${count - 1}`,
      `tea ${count - 2}`,
    ]);
    assertEquals((await find(store, "tea ", { offset: 1000 })).length, 50);
    assertEquals(await find(store, "tea 3 "), ["tea 3"]);
  },
};

/** What a search must find. A store that says that it cannot search must answer that. */
export const searchContract: Contract = Object.fromEntries(
  Object.entries(cases).map(([sentence, prove]) => [sentence, async (setting) => {
    if (setting.store.searchable) return await prove(setting);
    const terms = [{ words: ["tea"], prefix: false }];
    assertEquals(
      await setting.store.search({ terms, directs: [], offset: 0, limit: 1 }),
      undefined,
    );
  }]),
);
