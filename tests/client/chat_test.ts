import { assertEquals } from "@std/assert";
import type { Event, JoinedEvent, WelcomeEvent } from "../../lib/wire/protocol.ts";
import { Chat } from "../../static/js/state/chat.js";

const ME = { id: "me0000000000", name: "Alice" };

const WELCOME: WelcomeEvent = {
  type: "welcome",
  user: ME,
  token: "t",
  instance: "i",
  version: "0",
  limits: {
    message_chars: 2000,
    frame_bytes: 32768,
    messages_per_second: 10,
    message_burst: 30,
    rooms: 50,
    history: 50,
  },
  search: true,
  rooms: [{ room: "random", read: 0, unread: 4, mentions: 0 }],
};

function joined(room: string): JoinedEvent {
  const standing = { epoch: "e", seq: 0, recovered: false, messages: [], count: 1, users: [ME] };
  return { type: "joined", room, ...standing };
}

function said(room: string, seq: number): Event {
  const author = { user_id: "bob000000000", username: "Bob" };
  return { type: "chat_message", room, seq, id: `${room}${seq}`, ...author, text: "hi", time: 0 };
}

function chatAfter(...events: Event[]): Chat {
  const chat = new Chat();
  chat.show("general");
  for (const event of events) chat.apply(event, 0);
  return chat;
}

Deno.test("the welcome says who the person is, and which rooms are theirs", () => {
  const chat = chatAfter(WELCOME);
  assertEquals([chat.me, chat.roomNames], [ME, ["general", "random"]]);
  assertEquals(chat.unread, 4);
});

Deno.test("rooms that only the server knows are shown, general before all", () => {
  const chat = chatAfter(WELCOME);
  chat.list({ rooms: ["zebra", "general", "art"].map((room) => ({ room })) });
  assertEquals(chat.roomNames, ["general", "art", "random", "zebra"]);
  chat.list({ rooms: [{ room: "general" }] });
  assertEquals(chat.roomNames, ["general", "random"]);
});

Deno.test("unread messages are counted in every room that the person is in", () => {
  const chat = chatAfter(
    WELCOME,
    joined("general"),
    joined("side"),
    said("general", 1),
    said("side", 1),
  );
  chat.apply({ type: "room_changed", room: "random", unread: 7, mentions: 0 }, 0);
  assertEquals(chat.unread, 9);
});

Deno.test("an event of a room that is not open makes none", () => {
  const chat = chatAfter(WELCOME, said("elsewhere", 1));
  assertEquals(chat.rooms.has("elsewhere"), false);
});

Deno.test("the line above new messages is gone when the room is opened again with nothing new", () => {
  const chat = chatAfter(WELCOME, joined("general"), said("general", 1));
  assertEquals(chat.current.reading.newAfter, 0);
  chat.show("side");
  chat.show("general");
  assertEquals(chat.current.reading.newAfter, 0);
  chat.current.read();
  chat.show("side");
  chat.show("general");
  assertEquals(chat.current.reading.newAfter, undefined);
});

Deno.test("answers find the message that they answer, whichever room it waits in", () => {
  const chat = chatAfter(WELCOME, joined("general"), joined("side"));
  const { outbox } = chat.open("side");
  outbox.replace(["n1", "n2"].map((nonce) => (
    { nonce, kind: "send", room: "side", text: nonce, time: 0 }
  )));
  chat.apply({ type: "ack", ref: "n1", id: "s1", seq: 1 }, 0);
  assertEquals(outbox.items.map(({ nonce }) => nonce), ["n2"]);
  assertEquals(chat.open("side").messages.list.map(({ id, username }) => [id, username]), [[
    "s1",
    "Alice",
  ]]);
});

const BOB = { id: "bob000000000", name: "Bob" };
const CAROL = { id: "carol0000000", name: "Carol" };

const newest = (text: string, time: number) => ({
  user_id: BOB.id,
  username: BOB.name,
  text,
  time,
});

Deno.test("direct rooms stand after the others, the one where something was said last first", () => {
  const chat = chatAfter(WELCOME);
  chat.list({
    rooms: [{ room: "general" }],
    directs: [
      { room: "~B", with: BOB, unread: 0, newest: newest("old", 1) },
      { room: "~C", with: CAROL, unread: 2, newest: newest("new", 2) },
    ],
  });
  assertEquals(chat.roomNames, ["general", "random", "~C", "~B"]);
  assertEquals([chat.directory.with("~C"), chat.unread], [CAROL, 6]);
  chat.apply({
    type: "room_changed",
    room: "~B",
    unread: 1,
    mentions: 0,
    with: BOB,
    newest: newest("newer", 3),
  }, 0);
  assertEquals(chat.directory.directs, ["~B", "~C"]);
  assertEquals(chat.directory.directWith(CAROL.id), "~C");
});

Deno.test("the newest line of a room follows what is said, changed and deleted there", () => {
  const chat = chatAfter(WELCOME, joined("general"));
  const line = () => chat.directory.newest("general")?.text;
  assertEquals(line(), undefined);
  chat.apply(said("general", 1), 0);
  chat.apply({ ...said("general", 2), text: "second" } as Event, 0);
  assertEquals(line(), "second");
  chat.apply({
    type: "message_edited",
    room: "general",
    seq: 3,
    id: "general2",
    text: "2nd",
    edited_at: 1,
  }, 0);
  assertEquals(line(), "2nd");
  chat.apply({ type: "message_deleted", room: "general", seq: 4, id: "general2" }, 0);
  assertEquals(line(), "hi");
});
