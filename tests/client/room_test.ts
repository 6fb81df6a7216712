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
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [0, undefined]);
  room.apply(said(4), ME.id, 0);
  room.apply(said(5, ME), ME.id, 0);
  room.apply(said(6), ME.id, 0);
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [2, 3]);
  room.read();
  assertEquals(room.reading.unread(ME.id), 0);
});

Deno.test("nothing is marked as new for somebody who watches it come", () => {
  const room = entered(joined(1, 3));
  room.reading.watched = true;
  room.apply(said(4), ME.id, 0);
  assertEquals(room.reading.newAfter, undefined);
});

Deno.test("what the server counts as unread is new on entering", () => {
  const room = new Room("general");
  room.reading.stand({ unread: 2 });
  assertEquals(room.reading.unread(ME.id), 2);
  room.enter(joined(1, 5));
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [2, 3]);
});

interface Return {
  readonly name: string;
  readonly first: JoinedEvent;
  readonly second: JoinedEvent;
  readonly places: readonly number[];
  /** The places between which messages are missing. */
  readonly gap?: [after: number, before: number];
}

const RETURNS: readonly Return[] = [
  {
    name: "what was missed is merged when the server recovered it",
    first: joined(1, 3),
    second: joined(4, 6, { recovered: true }),
    places: [1, 2, 3, 4, 5, 6],
  },
  {
    name: "a newest page that reaches back far enough leaves no gap",
    first: joined(1, 3),
    second: joined(4, 6),
    places: [1, 2, 3, 4, 5, 6],
  },
  {
    name: "what is missing before a newest page that does not reach back is marked",
    first: joined(1, 3),
    second: joined(5, 6),
    places: [1, 2, 3, 5, 6],
    gap: [3, 5],
  },
  {
    name: "another log is another conversation",
    first: joined(1, 3),
    second: joined(1, 2, { epoch: "e2" }),
    places: [1, 2],
  },
  {
    name: "another log cannot be recovered into this one",
    first: joined(1, 3),
    second: joined(7, 8, { epoch: "e2", recovered: true }),
    places: [7, 8],
  },
  {
    name: "an empty room stays empty",
    first: joined(1, 0, { seq: 0 }),
    second: joined(1, 0, { seq: 0 }),
    places: [],
  },
];

for (const { name, first, second, places: expected, gap } of RETURNS) {
  Deno.test(`coming back: ${name}`, () => {
    const room = entered(first);
    room.interrupt();
    room.enter(second);
    assertEquals(places(room), expected);
    assertEquals(room.gap && [room.gap.after, room.gap.before], gap);
    assertEquals(room.since, { epoch: second.epoch, seq: second.seq });
  });
}

Deno.test("a recovered message that was changed meanwhile is shown as it now is", () => {
  const room = entered(joined(1, 3));
  const messages = [view(2, { seq: 5, text: "edited" }), view(4)];
  room.enter(joined(4, 4, { seq: 5, recovered: true, messages }));
  assertEquals(room.messages.list.map(({ text }) => text), ["m1", "edited", "m3", "m4"]);
});

Deno.test("who is there can be told unasked, and changes nothing else", () => {
  const room = entered(joined(1, 3), said(4));
  const before = [room.since, places(room), room.reading.unread(ME.id), room.reading.newAfter];
  room.enter(joined(6, 5, { recovered: true, count: 7, users: [BOB] }));
  assertEquals([room.count, [...room.people.keys()]], [7, [BOB.id]]);
  assertEquals(
    [room.since, places(room), room.reading.unread(ME.id), room.reading.newAfter],
    before,
  );
});

Deno.test("messages that were missed are new", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(4, 6, { recovered: true }));
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [3, 3]);
});

Deno.test("a gap is filled from its end, until the page reaches what was held", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(50, 52));
  room.fill([view(48), view(49)]);
  assertEquals([places(room), room.gap?.before], [[1, 2, 3, 48, 49, 50, 51, 52], 48]);
  room.fill([view(3), view(20)]);
  assertEquals([places(room), room.gap], [[1, 2, 3, 20, 48, 49, 50, 51, 52], undefined]);
});

Deno.test("a gap that turns out to be empty is none", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(50, 52));
  room.fill([]);
  assertEquals(room.gap, undefined);
});

Deno.test("of two gaps the newer one stays, and what is before the older one is let go of", () => {
  const room = entered(joined(1, 3));
  room.enter(joined(50, 52));
  room.enter(joined(90, 91));
  assertEquals([places(room), room.gap?.after], [[50, 51, 52, 90, 91], 52]);
  assertEquals(room.complete, false);
});

Deno.test("what was held before a break is looked at again, or let go of", () => {
  const known = entered(joined(1, 3));
  known.enter(joined(50, 52));
  assertEquals(known.staleBefore, 4);
  known.refresh([view(2, { seq: 10, deleted: true }), view(3)]);
  assertEquals([known.messages.get("m2")?.deleted, known.staleBefore], [true, undefined]);

  const unknown = entered(joined(1, 3));
  unknown.enter(joined(50, 52));
  unknown.refresh(undefined);
  assertEquals([places(unknown), unknown.gap], [[50, 51, 52], undefined]);
});

Deno.test("an empty page of older messages is the beginning", () => {
  const room = entered(joined(50, 60));
  room.prepend([view(48), view(49)]);
  assertEquals([room.complete, room.messages.firstPos], [false, 48]);
  room.prepend([]);
  assertEquals(room.complete, true);
});

Deno.test("another log is told of once, where it begins to differ", () => {
  const room = entered(joined(1, 3));
  assertEquals(room.replacedAt, undefined);
  room.enter(joined(1, 2, { epoch: "e2" }));
  assertEquals([room.replacedAt, room.reading.unread(ME.id), room.reading.newAfter], [
    2,
    0,
    undefined,
  ]);
});

Deno.test("what another device has read is read, and its mark goes", () => {
  const room = entered(joined(1, 3), said(4), said(5), said(6));
  room.reading.mark(5);
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [1, 3]);
  room.reading.mark(6);
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [0, undefined]);
  room.reading.mark(2);
  assertEquals(room.reading.unread(ME.id), 0);
});

Deno.test("on entering, the line stands where the person had read to", () => {
  const room = new Room("general");
  room.reading.stand({ unread: 60, mentions: 1, read: 40 });
  room.enter(joined(81, 100), ME);
  assertEquals([room.reading.unread(ME.id), room.reading.newAfter], [60, 40]);
  assertEquals(room.reading.mentions(ME), 1);
  room.read();
  assertEquals([room.reading.unread(ME.id), room.reading.mentions(ME)], [0, 0]);
});

Deno.test("messages that name the person are counted apart", () => {
  const room = entered(joined(1, 3), { ...said(4), text: "ask @alice" }, said(5));
  assertEquals([room.reading.unread(ME.id), room.reading.mentions(ME)], [2, 1]);
});

Deno.test("a confirmed change shows as done until it comes", () => {
  const room = entered(joined(1, 3));
  const edit = { kind: "edit", room: "general", id: "m3", text: "new", time: 0 } as const;
  room.outbox.replace([{ ...edit, nonce: "n1" }]);
  room.confirm({ type: "ack", ref: "n1", id: "m3", seq: 5 }, ME);
  assertEquals(room.doing.map(({ nonce }) => nonce), ["n1"]);
  room.apply(said(4), ME.id, 0);
  assertEquals(room.doing.length, 1);
  const changed = {
    type: "message_edited",
    room: "general",
    seq: 5,
    id: "m3",
    edited_at: 0,
  } as const;
  room.apply({ ...changed, text: "new" }, ME.id, 0);
  assertEquals(room.doing.length, 0);
});

Deno.test("the first message of all is known without asking", () => {
  assertEquals(entered(joined(1, 3)).complete, true);
  assertEquals(entered(joined(2, 3)).complete, false);
  assertEquals(entered(joined(1, 0, { seq: 0 })).complete, true);
});

Deno.test("a confirmed message takes its place, keeps its row, and is there once", () => {
  const room = entered(joined(1, 3));
  const hello = { nonce: "n1", room: "general", text: "hello", time: 10 };
  room.outbox.replace([{ ...hello, kind: "send" }]);
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

const REACTIONS = { "👍": { count: 3, mine: true }, "🎉": { count: 1, mine: false } };
const CAROL = { id: "carol0000000", name: "Carol" };
const TOLD = {
  "👍": { count: 3, mine: true, users: [CAROL, ME, { id: "gone00000000" }] },
  "🎉": { count: 1, mine: false, users: [BOB] },
};

Deno.test("who reacted to a message is known once the server has told, in the newest messages and in a passage", () => {
  const room = entered(joined(3, 4));
  room.open([view(1, { seq: 4, reactions: REACTIONS })]);
  room.messages.put(view(3, { seq: 4, reactions: REACTIONS }));
  for (const id of ["m1", "m3"]) {
    const told = room.tellReactors(id, { seq: 4, reactions: TOLD }, ME.id);
    assertEquals(told?.reactions, {
      "👍": { count: 3, mine: true, who: [CAROL.id, "gone00000000"] },
      "🎉": { count: 1, mine: false, who: [BOB.id] },
    });
    assertEquals(room.message(id), told);
  }
  assertEquals([...room.reactors], [[CAROL.id, "Carol"], [BOB.id, "Bob"]]);
});

Deno.test("who reacted is not believed of a message that has changed since, and goes on with what happens", () => {
  const room = entered(joined(1, 2));
  room.messages.put(view(1, { seq: 3, reactions: REACTIONS }));
  assertEquals(room.tellReactors("m1", { seq: 2, reactions: TOLD }, ME.id), undefined);
  assertEquals(room.message("m1")?.reactions, REACTIONS);
  room.tellReactors("m1", { seq: 3, reactions: TOLD }, ME.id);
  room.apply(
    {
      type: "reaction",
      room: "general",
      seq: 4,
      id: "m1",
      emoji: "🎉",
      user_id: CAROL.id,
      on: true,
    },
    ME.id,
    0,
  );
  assertEquals(room.message("m1")?.reactions?.["🎉"], {
    count: 2,
    mine: false,
    who: [BOB.id, CAROL.id],
  });
});
