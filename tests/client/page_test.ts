import { assertEquals } from "@std/assert";
import type { JoinedEvent, MessageView } from "../../lib/wire/protocol.ts";
import { Directory } from "../../static/js/state/directory.js";
import { toPage } from "../../static/js/state/page.js";
import { Chat } from "../../static/js/state/chat.js";
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

function views(from: number, to: number): MessageView[] {
  return Array.from({ length: to - from + 1 }, (_, index) => view(from + index));
}

function joined(messages: readonly MessageView[], more: Partial<JoinedEvent> = {}): JoinedEvent {
  return {
    type: "joined",
    room: "general",
    epoch: "e1",
    seq: messages.at(-1)?.seq ?? 0,
    recovered: false,
    messages,
    count: 2,
    users: [ME, BOB],
    ...more,
  };
}

/** A room that was kept after the messages 1 to 3, of which the first two were read. */
function restored(): Room {
  const room = new Room("general");
  room.restore({ epoch: "e1", seq: 3, read: 2, messages: views(1, 3) });
  return room;
}

const places = (room: Room) => room.messages.list.map(({ pos }) => pos);

Deno.test("of a room the newest 50 messages are kept, as the server would tell them", () => {
  const room = new Room("general");
  assertEquals(toPage(room), undefined);
  room.enter(joined(views(1, 80)), ME);
  assertEquals(toPage(room), {
    room: "general",
    epoch: "e1",
    seq: 80,
    read: 80,
    messages: views(31, 80),
  });
});

Deno.test("nothing is kept from before a gap, nor what may have changed meanwhile", () => {
  const room = new Room("general");
  room.enter(joined(views(1, 10)), ME);
  room.interrupt();
  room.enter(joined(views(90, 99)), ME);
  assertEquals(toPage(room)?.messages, views(90, 99));
});

Deno.test("of a deleted message no text is kept", () => {
  const room = new Room("general");
  room.enter(joined(views(1, 2)), ME);
  room.apply({ type: "message_deleted", room: "general", seq: 3, id: "m2" }, ME.id, 0);
  assertEquals(toPage(room)?.messages.map(({ text }) => text), ["m1", undefined]);
});

Deno.test("a direct room is kept with its partner, and the server's word goes before what was kept", () => {
  const room = new Room("~1");
  room.enter(joined(views(1, 2)), ME);
  const bob = { id: "u2", name: "Bob" };
  const page = toPage(room, bob)!;
  const directory = new Directory();
  directory.restore(page);
  assertEquals(directory.with("~1"), bob);
  assertEquals(directory.newest("~1")?.text, "m2");
  directory.learn("~1", {
    with: { ...bob, name: "Robert" },
    newest: { ...views(3, 3)[0]!, text: "m3" },
  });
  directory.restore(page);
  assertEquals(directory.with("~1")?.name, "Robert");
  assertEquals(directory.newest("~1")?.text, "m3");
});

Deno.test("a room that was kept shows its messages, and what was new then", () => {
  const room = restored();
  assertEquals(places(room), [1, 2, 3]);
  assertEquals(room.since, { epoch: "e1", seq: 3 });
  assertEquals(room.reading.unread(ME.id), 1);
  assertEquals(room.restored, true);
});

Deno.test("a room that was kept goes on from there: changes reach what is held", () => {
  const room = restored();
  const { text: _, ...gone } = view(2, { seq: 4, deleted: true });
  room.enter(joined([gone, view(5)], { recovered: true, seq: 5 }), ME);
  assertEquals(room.messages.list.map(({ text }) => text), ["m1", undefined, "m3", "m5"]);
  assertEquals([room.gap, room.replacedAt, room.restored], [undefined, undefined, false]);
});

Deno.test("a room that was kept too long ago begins anew, without a gap", () => {
  const room = restored();
  room.enter(joined(views(900, 949)), ME);
  assertEquals(places(room)[0], 900);
  assertEquals([room.gap, room.staleBefore, room.replacedAt], [undefined, undefined, undefined]);
});

Deno.test("a room whose log is another one now begins anew, and all of it counts as read", () => {
  const room = restored();
  room.enter(joined(views(1, 2), { epoch: "e2" }), ME);
  assertEquals([places(room), room.replacedAt], [[1, 2], undefined]);
  assertEquals(room.reading.unread(ME.id), 0);
});

Deno.test("what was kept comes too late for a room of which the server has told", () => {
  const room = new Room("general");
  room.enter(joined(views(1, 5)), ME);
  room.restore({ epoch: "e1", seq: 3, read: 2, messages: views(1, 3) });
  assertEquals(places(room), [1, 2, 3, 4, 5]);
});

Deno.test("a newer page of a room takes the place of the one that was kept", () => {
  const room = restored();
  room.restore({ epoch: "e1", seq: 6, read: 2, messages: [view(1), view(3), view(6)] });
  assertEquals([places(room), room.since?.seq], [[1, 3, 6], 6]);
});

Deno.test("rooms that were kept and that the person has left meanwhile go with the welcome", () => {
  const chat = new Chat();
  for (const name of ["den", "left", "open"]) {
    chat.open(name).restore({ epoch: "e1", seq: 3, read: 3, messages: views(1, 3) });
  }
  chat.show("open");
  chat.apply({
    type: "welcome",
    user: ME,
    token: "t",
    instance: "i",
    version: "0",
    search: false,
    limits: {
      message_chars: 1,
      frame_bytes: 1,
      messages_per_second: 1,
      message_burst: 1,
      rooms: 1,
      history: 1,
    },
    rooms: [{ room: "den", read: 3, unread: 0, mentions: 0 }],
  }, 0);
  assertEquals([...chat.rooms.keys()], ["den", "open"]);
});
