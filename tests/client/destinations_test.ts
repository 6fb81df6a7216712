import { assertEquals } from "@std/assert";
import { Chat } from "../../static/js/state/chat.js";
import { destinations, likeliest } from "../../static/js/state/destinations.js";

const BOB = { id: "bob000000000", name: "Bob" };
const CAROL = { id: "carol0000000", name: "Carol" };
const ME = { id: "me0000000000", name: "Alice" };

Deno.test("one can go to rooms, to people with whom there is a direct room, and to people who are near", () => {
  const chat = new Chat();
  chat.me = ME;
  chat.list({
    rooms: [{ room: "random" }],
    directs: [{ room: "~B", with: BOB, unread: 0 }],
  });
  const users = [ME, BOB, CAROL];
  const standing = { epoch: "e", seq: 0, recovered: false, messages: [], count: 3, users };
  chat.apply({ type: "joined", room: "general", ...standing }, 0);
  assertEquals(destinations(chat), [
    { kind: "room", name: "general", room: "general" },
    { kind: "room", name: "random", room: "random" },
    { kind: "person", name: "Bob", user: BOB, room: "~B" },
    { kind: "person", name: "Carol", user: CAROL },
  ]);
});

const NAMES = ["general", "garden", "team-games", "Zoë", "Ángel", "morgan"];

const RANKED: [name: string, typed: string, names: string[]][] = [
  ["all in their order without a word", "", NAMES],
  ["beginnings before beginnings of words, and those before the middle", "ga", [
    "garden",
    "team-games",
    "morgan",
    "general",
  ]],
  ["without regard to accents and case", "zoe", ["Zoë"]],
  ["with the sign of a room or a person before it", "#gene", ["general"]],
  ["by letters in their order", "grl", ["general"]],
  ["nothing that does not fit", "xyz", []],
];

for (const [name, typed, names] of RANKED) {
  Deno.test(`destinations are offered: ${name}`, () => {
    assertEquals(likeliest(typed, NAMES.map((name) => ({ name }))).map(({ name }) => name), names);
  });
}
