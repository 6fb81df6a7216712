import { assertEquals } from "@std/assert";
import type { ChatMessage } from "../../lib/model/change.ts";
import type { JoinedEvent, MessageView, RoomEvent } from "../../lib/wire/protocol.ts";
import { Room } from "../../static/js/state/room.js";

const ME = { id: "me0000000000", name: "Alice" };
const BOB = { id: "bob000000000", name: "Bob" };

function view(pos: number, more: Partial<MessageView> = {}): MessageView {
  return {
    room: "general",
    seq: pos,
    pos,
    id: `m${pos}`,
    user_id: BOB.id,
    username: BOB.name,
    text: `m${pos}`,
    time: pos,
    ...more,
  };
}

function said(seq: number, user = BOB): ChatMessage {
  return {
    type: "chat_message",
    room: "general",
    seq,
    id: `m${seq}`,
    user_id: user.id,
    username: user.name,
    text: `m${seq}`,
    time: seq,
  };
}

function joined(from: number, to: number, more: Partial<JoinedEvent> = {}): JoinedEvent {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => view(from + i));
  return {
    type: "joined",
    room: "general",
    epoch: "e1",
    seq: to,
    recovered: false,
    messages,
    count: 2,
    users: [ME, BOB],
    ...more,
  };
}

function entered(event: JoinedEvent, ...events: RoomEvent[]): Room {
  const room = new Room("general");
  room.enter(event);
  for (const one of events) room.apply(one, ME.id, 0);
  return room;
}

const places = (room: Room) => room.messages.list.map(({ pos }) => pos);

Deno.test("the first page is read, and what comes later is new", () => {
  const room = entered(joined(1, 3));
  assertEquals([room.unread(ME.id), room.newAfter], [0, undefined]);
  room.apply(said(4), ME.id, 0);
  room.apply(said(5, ME), ME.id, 0);
  room.apply(said(6), ME.id, 0);
  assertEquals([room.unread(ME.id), room.newAfter], [2, 3]);
  room.read();
  assertEquals(room.unread(ME.id), 0);
});

Deno.test("nothing is marked as new for somebody who watches it come", () => {
  const room = entered(joined(1, 3));
  room.watched = true;
  room.apply(said(4), ME.id, 0);
  assertEquals(room.newAfter, undefined);
});

Deno.test("what the server counts as unread is new on entering", () => {
  const room = new Room("general");
  room.unreadElsewhere = 2;
  assertEquals(room.unread(ME.id), 2);
  room.enter(joined(1, 5));
  assertEquals([room.unread(ME.id), room.newAfter], [2, 3]);
});

interface Return {
  readonly name: string;
  readonly first: JoinedEvent;
  readonly second: JoinedEvent;
  readonly places: readonly number[];
  readonly gap: boolean;
}

const RETURNS: readonly Return[] = [
  {
    name: "what was missed is merged when the server recovered it",
    first: joined(1, 3),
    second: joined(4, 6, { recovered: true }),
    places: [1, 2, 3, 4, 5, 6],
    gap: false,
  },
  {
    name: "a newest page that reaches back far enough leaves no gap",
    first: joined(1, 3),
    second: joined(4, 6),
    places: [4, 5, 6],
    gap: false,
  },
  {
    name: "a newest page that does not reach back is marked",
    first: joined(1, 3),
    second: joined(5, 6),
    places: [5, 6],
    gap: true,
  },
  {
    name: "another log is another conversation",
    first: joined(1, 3),
    second: joined(1, 2, { epoch: "e2" }),
    places: [1, 2],
    gap: true,
  },
  {
    name: "another log cannot be recovered into this one",
    first: joined(1, 3),
    second: joined(7, 8, { epoch: "e2", recovered: true }),
    places: [7, 8],
    gap: true,
  },
  {
    name: "an empty room stays empty",
    first: joined(1, 0, { seq: 0 }),
    second: joined(1, 0, { seq: 0 }),
    places: [],
    gap: false,
  },
];

for (const { name, first, second, places: expected, gap } of RETURNS) {
  Deno.test(`coming back: ${name}`, () => {
    const room = entered(first);
    room.interrupt();
    room.enter(second);
    assertEquals([places(room), room.gap], [expected, gap]);
    assertEquals(room.since, { epoch: second.epoch, seq: second.seq });
  });
}

Deno.test("a recovered message that was changed meanwhile is shown as it now is", () => {
  const room = entered(joined(1, 3));
  const messages = [view(2, { seq: 5, text: "edited" }), view(4)];
  room.enter(joined(4, 4, { seq: 5, recovered: true, messages }));
  assertEquals(room.messages.list.map(({ text }) => text), ["m1", "edited", "m3", "m4"]);
});

Deno.test("messages that were missed are new", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(4, 6, { recovered: true }));
  assertEquals([room.unread(ME.id), room.newAfter], [3, 3]);
});

Deno.test("fetching older messages closes the gap, and an empty page is the beginning", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(50, 60));
  assertEquals([room.gap, room.complete], [true, false]);
  room.prepend([view(48), view(49)]);
  assertEquals([room.gap, room.complete, room.messages.firstPos], [false, false, 48]);
  room.prepend([]);
  assertEquals(room.complete, true);
});

Deno.test("the first message of all is known without asking", () => {
  assertEquals(entered(joined(1, 3)).complete, true);
  assertEquals(entered(joined(2, 3)).complete, false);
  assertEquals(entered(joined(1, 0, { seq: 0 })).complete, true);
});

Deno.test("a confirmed message takes its place, keeps its row, and is there once", () => {
  const room = entered(joined(1, 3));
  room.outbox.add({ nonce: "n1", text: "hello", time: 10 });
  room.confirm({ type: "ack", ref: "n1", id: "m4", seq: 4 }, ME);
  room.apply({ ...said(4, ME), text: "hello" }, ME.id, 0);
  assertEquals(room.outbox.items.length, 0);
  assertEquals(room.messages.list.filter(({ key }) => key === "n1").map(({ pos }) => pos), [4]);
  assertEquals(places(room), [1, 2, 3, 4]);
});

Deno.test("people come and go, the person's own coming is no news", () => {
  const carol = { user_id: "carol0000000", username: "Carol" };
  const room = entered(
    joined(1, 3),
    { type: "user_joined", room: "general", ...carol, count: 3 },
    { type: "user_joined", room: "general", user_id: ME.id, username: ME.name, count: 3 },
    { type: "user_left", room: "general", user_id: BOB.id, username: BOB.name, count: 2 },
  );
  assertEquals([...room.people.keys()], [ME.id, carol.user_id]);
  assertEquals(room.count, 2);
  assertEquals(room.moves.map(({ on, name }) => [on, name]), [[true, "Carol"], [false, "Bob"]]);
  room.apply({ type: "presence", room: "general", count: 300 }, ME.id, 0);
  assertEquals(room.count, 300);
});

Deno.test("typing ends with the message, with the word of it, and with leaving", () => {
  const typing = {
    type: "typing",
    room: "general",
    user_id: BOB.id,
    username: "Bob",
    on: true,
  } as const;
  const left = {
    type: "user_left",
    room: "general",
    user_id: BOB.id,
    username: "Bob",
    count: 1,
  } as const;
  const room = entered(joined(1, 3));
  for (const end of [said(4), { ...typing, on: false }, left]) {
    room.apply(typing, ME.id, 0);
    assertEquals(room.typists.at(0).names, ["Bob"]);
    room.apply(end, ME.id, 0);
    assertEquals(room.typists.at(0).names, []);
  }
});

Deno.test("the person's own typing is no news", () => {
  const typing = { type: "typing", room: "general", user_id: ME.id, username: "Alice" } as const;
  assertEquals(entered(joined(1, 3), { ...typing, on: true }).typists.at(0).names, []);
});

Deno.test("a long conversation is let go of from its beginning, but only while its end is read", () => {
  const room = entered(joined(1, 500));
  room.apply(said(501), ME.id, 0);
  assertEquals(room.messages.list.length, 501);
  room.read();
  assertEquals([room.messages.list.length, room.messages.lastPos, room.complete], [
    200,
    501,
    false,
  ]);
});
