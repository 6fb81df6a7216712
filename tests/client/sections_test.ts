import { assertEquals } from "@std/assert";
import { Chat } from "../../static/js/state/chat.js";
import { nameOf, sections, titleOf } from "../../static/js/state/sections.js";

const BOB = { id: "bob000000000", name: "Bob" };
const DIRECT = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";
const UNKNOWN = "~01ARZ3NDEKTSV4RRFFQ69G5FAW";

function chatOf(...rooms: string[]): Chat {
  const chat = new Chat();
  chat.show("general");
  chat.list({
    rooms: rooms.map((room) => ({ room })),
    directs: [{ room: DIRECT, with: BOB, unread: 0 }],
  });
  return chat;
}

Deno.test("rooms stand in parts: starred ones, those of everybody, direct ones", () => {
  const chat = chatOf("zebra", "art");
  assertEquals(sections(chat, (room) => room === "zebra" || room === DIRECT), [
    { kind: "starred", rooms: ["zebra", DIRECT] },
    { kind: "rooms", rooms: ["general", "art"] },
  ]);
  assertEquals(sections(chat, () => false), [
    { kind: "rooms", rooms: ["general", "art", "zebra"] },
    { kind: "direct", rooms: [DIRECT] },
  ]);
});

Deno.test("a direct room of which it is not known with whom it is stands there only while it is open", () => {
  const chat = chatOf();
  chat.show(UNKNOWN);
  assertEquals(sections(chat, () => false)[1]?.rooms.includes(UNKNOWN), true);
  chat.show("general");
  assertEquals(sections(chat, () => false)[1]?.rooms, [DIRECT]);
});

Deno.test("a direct room bears the other one's name, another one its own", () => {
  const chat = chatOf("art");
  assertEquals(["art", DIRECT].map((room) => nameOf(chat, room)), ["art", "Bob"]);
  assertEquals(["art", DIRECT].map((room) => titleOf(chat, room)), ["#art", "Bob"]);
});
