import { assert, assertEquals } from "@std/assert";
import * as format from "../../static/js/format.js";
import { t } from "../../static/js/strings.js";
import type { Part } from "../../static/js/strings/grammar.js";

const text = (parts: readonly Part[]) => parts.map((part) => part.text).join("");

const SENTENCES: readonly [name: string, parts: readonly Part[], expected: string][] = [
  ["one joined", format.moves(["Alice"], []), "Alice joined"],
  ["two joined", format.moves(["Alice", "Bob"], []), "Alice and Bob joined"],
  [
    "three are all named",
    format.moves(["Alice", "Bob", "Carol"], []),
    "Alice, Bob and Carol joined",
  ],
  [
    "more are counted",
    format.moves(["Alice", "Bob", "Carol", "Dan", "Eve"], []),
    "Alice, Bob and 3 others joined",
  ],
  ["some came and some went", format.moves(["Alice"], ["Bob"]), "Alice joined, Bob left"],
  ["only some are known", format.people(["Alice", "Bob"], 150), "Alice, Bob and 148 others"],
  ["nobody types", format.typing([]), ""],
  ["one types", format.typing(["Bob"]), "Bob is typing…"],
  ["two type", format.typing(["Bob", "Carol"]), "Bob and Carol are typing…"],
  ["many type", format.typing(["A", "B", "C", "D"]), "Several people are typing…"],
];

for (const [name, parts, expected] of SENTENCES) {
  Deno.test(`a sentence about people: ${name}`, () => assertEquals(text(parts), expected));
}

const REACTORS: readonly [names: string[], count: number, expected: string][] = [
  [[], 3, "3 people"],
  [["Alice"], 1, "Alice reacted with 👍"],
  [["You", "Bob"], 2, "You and Bob reacted with 👍"],
  [["Alice", "Bob"], 5, "Alice, Bob and 3 others reacted with 👍"],
  [[..."ABCDEFGHIJKL"], 12, "A, B, C, D, E, F, G, H, I, J and 2 others reacted with 👍"],
];

for (const [names, count, expected] of REACTORS) {
  Deno.test(`who reacted, of ${count} people ${names.length} known: ${expected}`, () => {
    assertEquals(format.reactors(names, count, "👍"), expected);
  });
}

Deno.test("only names are marked as names, even one that looks like the words", () => {
  const names = format.moves(["3 others", "Bob", "C", "D", "E"], [])
    .filter((part) => part.name).map((part) => part.text);
  assertEquals(names, ["3 others", "Bob"]);
});

Deno.test("numbers have their unit in the right number", () => {
  assertEquals(t.log.newMessages(1), "1 new message");
  assertEquals(t.log.newMessages(0), "0 new messages");
  assertEquals(t.people.reacted(1_234), "1,234 people");
});

Deno.test("an avatar shows the first grapheme, not half of one", () => {
  assertEquals(format.initial("alice"), "A");
  assertEquals(format.initial("e\u0301mile"), "E\u0301");
  assertEquals(format.initial("👩‍🚀 Ada"), "👩‍🚀");
  assertEquals(format.initial(""), "");
});

Deno.test("hues are stable and spread, for ids that differ by one letter too", () => {
  const hues = Array.from({ length: 26 }, (_, i) => format.hue(`user0000000${i}`));
  assertEquals(hues, Array.from({ length: 26 }, (_, i) => format.hue(`user0000000${i}`)));
  assert(hues.every((hue) => hue >= 0 && hue < 360));
  assert(new Set(hues.map((hue) => Math.floor(hue / 30))).size >= 6);
});

const times = format.createTimes({ locale: "en-GB", timeZone: "Europe/Berlin" });
const at = (date: string) => Date.parse(date);
const NOW = at("2025-11-24T12:00:00Z");

const DAYS: readonly [name: string, moment: string, expected: string][] = [
  ["this day", "2025-11-24T09:02:00Z", "Today"],
  ["the day begins at local midnight", "2025-11-23T23:30:00Z", "Today"],
  ["the day before", "2025-11-23T22:30:00Z", "Yesterday"],
  ["this year", "2025-11-21T12:00:00Z", "Friday 21 November"],
  ["another year", "2024-11-21T12:00:00Z", "21 November 2024"],
];

for (const [name, moment, expected] of DAYS) {
  Deno.test(`a day: ${name}`, () => assertEquals(times.day(at(moment), NOW), expected));
}

Deno.test("times follow the person's clock, words stay English", () => {
  const moment = at("2025-11-24T20:02:00Z");
  assertEquals(times.time(moment), "21:02");
  const american = format.createTimes({ locale: "en-US", timeZone: "America/New_York" });
  assertEquals(american.time(moment).replace(/\s/u, " "), "3:02 PM");
  assertEquals(american.shortTime(moment), "3:02");
  const german = format.createTimes({ locale: "de-DE", timeZone: "Europe/Berlin" });
  assertEquals(german.time(moment), "21:02");
  assert(german.full(moment).startsWith("Monday"));
});

Deno.test("the keys of days sort as days do", () => {
  const keys = ["2024-12-31", "2025-01-01", "2025-10-09"].map((day) =>
    times.dayKey(at(`${day}T12:00Z`))
  );
  assertEquals(keys, [...keys].sort());
});
