import { assert, assertEquals } from "@std/assert";
import { emojiNamed, findEmoji, readTable } from "../../static/js/completion/emoji.js";
import { TABLE } from "../../static/js/completion/emoji_table.js";
import { findPeople, mentionable } from "../../static/js/completion/people.js";
import { findTrigger, findWritten } from "../../static/js/completion/trigger.js";
import { isEmoji } from "../../static/js/protocol.js";
import { Room } from "../../static/js/state/room.js";

const TRIGGERS: readonly [text: string, kind: string | undefined, query?: string][] = [
  ["@", "person", ""],
  ["hello @al", "person", "al"],
  ["(@al", "person", "al"],
  ["@Mary A", "person", "Mary A"],
  ["me@al", undefined],
  ["@a\nb", undefined],
  ["@a  b", undefined],
  [":ta", "emoji", "ta"],
  ["yes :+1", "emoji", "+1"],
  [":D", undefined],
  [":-", undefined],
  ["at 10:30", undefined],
  ["see: this", undefined],
];

for (const [text, kind, query] of TRIGGERS) {
  Deno.test(`behind ${JSON.stringify(text)} ${kind ?? "nothing"} is offered`, () => {
    const trigger = findTrigger(`${text}`, text.length);
    assertEquals(trigger?.kind, kind);
    assertEquals(trigger?.query, query);
    if (trigger) assertEquals(text.slice(trigger.start + 1), query);
  });
}

Deno.test("an offer belongs to where the caret is, not to the end of the text", () => {
  assertEquals(findTrigger("@al and more", 3), { kind: "person", start: 0, query: "al" });
  assertEquals(findTrigger("x".repeat(1_000) + " @al", 1_004)?.start, 1_001);
});

Deno.test("an emoji that was written out is found by its name", () => {
  assertEquals(findWritten("so :tada:", 9), { start: 3, name: "tada" });
  assertEquals(findWritten("10:30:", 6), undefined);
});

Deno.test("every emoji of the table is one that the server takes, and has names of its own", () => {
  const all = readTable(TABLE);
  const names = all.flatMap((one) => one.names);
  for (const { emoji, names } of all) {
    assert(isEmoji(emoji), `${emoji} must be one emoji`);
    assert(names.length > 0, `${emoji} must have a name`);
  }
  for (const name of names) assert(/^[a-z0-9_+-]+$/.test(name), `${name} must be easy to write`);
  assertEquals(names.length, new Set(names).size);
  assertEquals(all.length, new Set(all.map(({ emoji }) => emoji)).size);
  assert(all.length >= 300);
});

Deno.test("emoji are found by their whole names first, then by beginnings, words and parts", () => {
  const all = readTable("😀 grinning, 🐱 cat, 😹 joy_cat, 🏰 castle, 🎓 educated");
  assertEquals(findEmoji(all, "cat").map(({ name }) => name), ["cat", "joy_cat", "educated"]);
  assertEquals(findEmoji(all, "ca", 2).map(({ name }) => name), ["cat", "castle"]);
  assertEquals(findEmoji(all, ":Joy cat:").map(({ emoji }) => emoji), ["😹"]);
  assertEquals(findEmoji(all, "").length, 5);
  assertEquals(emojiNamed(all, "CAT"), "🐱");
  assertEquals(emojiNamed(all, "ca"), undefined);
});

Deno.test("those who wrote last are offered first, then those who are there; never oneself", () => {
  const room = new Room("general");
  const people = [["me", "Me"], ["z", "Zoe"], ["b", "Bob"], ["c", "Carol"]] as const;
  room.people = new Map(people.map(([id, name]) => [id, { id, name }]));
  room.messages.replace(["c", "gone", "b", "me"].map((id, index) => ({
    room: "general",
    id: `${index}`,
    seq: index + 1,
    pos: index + 1,
    user_id: id,
    username: `was ${id}`,
    text: "hi",
    time: index,
  })));
  assertEquals(
    mentionable(room, { id: "me", name: "Me" }).map(({ name }) => name),
    ["Bob", "was gone", "Carol", "Zoe"],
  );
});

Deno.test("people are found by the beginning of their name, then of a later word", () => {
  const users = ["Mary Ann", "Anna", "Joanna", "Änne"].map((name) => ({ id: name, name }));
  const found = (text: string) => findPeople(users, text, 8).map(({ name }) => name);
  assertEquals(found("an"), ["Anna", "Mary Ann"]);
  assertEquals(found("MARY A"), ["Mary Ann"]);
  assertEquals(found("än"), ["Änne"]);
  assertEquals(found("anna"), [], "nothing is left to complete");
  assertEquals(findPeople(users, "", 2).length, 2);
});
