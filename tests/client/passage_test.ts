import { assertEquals } from "@std/assert";
import type { ChatMessage } from "../../lib/model/change.ts";
import type { JoinedEvent, MessageView } from "../../lib/wire/protocol.ts";
import { MAX_PASSAGE } from "../../static/js/state/passage.js";
import { Room } from "../../static/js/state/room.js";

const ME = { id: "me0000000000", name: "Alice" };
const BOB = { id: "bob000000000", name: "Bob" };

function view(pos: number, more: Partial<MessageView> = {}): MessageView {
  const id = `m${pos}`;
  return {
    room: "general",
    seq: pos,
    pos,
    id,
    user_id: BOB.id,
    username: BOB.name,
    text: id,
    time: pos,
    ...more,
  };
}

/** The messages from a place to another one. */
function views(from: number, to: number): MessageView[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => view(from + index));
}

function said(seq: number): ChatMessage {
  const { pos: _, edited_at: __, deleted: ___, reactions: ____, ...message } = view(seq);
  return { type: "chat_message", ...message, text: message.id };
}

function joined(from: number, to: number, more: Partial<JoinedEvent> = {}): JoinedEvent {
  return {
    type: "joined",
    room: "general",
    epoch: "e1",
    seq: to,
    recovered: false,
    messages: views(from, to),
    count: 1,
    users: [ME],
    ...more,
  };
}

function entered(event: JoinedEvent): Room {
  const room = new Room("general");
  room.enter(event, ME);
  return room;
}

/** A room of 10,000 messages in which somebody reads around a place. */
function reading(from: number, to: number): Room {
  const room = entered(joined(9_951, 10_000));
  room.open(views(from, to));
  room.sight = Math.floor((from + to) / 2);
  return room;
}

const range = (room: Room) => [room.shown.messages.firstPos, room.shown.messages.lastPos];

Deno.test("who scrolls up without end holds a bounded number of messages, and what they read", () => {
  const room = entered(joined(9_951, 10_000));
  while (room.shown.messages.firstPos > 1) {
    const { firstPos } = room.shown.messages;
    room.sight = firstPos + 20;
    room.shown.prepend(views(Math.max(1, firstPos - 100), firstPos - 1), room.sight);
    assertEquals(room.message(`m${room.sight}`)?.pos, room.sight, "it is held");
    const held = room.messages.list.length + (room.passage?.messages.list.length ?? 0);
    assertEquals(held <= 2_000, true, `${held} are held`);
  }
  assertEquals([room.shown.complete, room.shown === room.passage], [true, true]);
  assertEquals(room.messages.lastPos, 10_000, "the newest ones are at hand");
});

Deno.test("who scrolls down again comes to the newest messages, without a hole", () => {
  const room = reading(9_001, 9_100);
  while (room.passage) {
    const { lastPos } = room.passage.messages;
    room.sight = lastPos - 20;
    room.append(views(lastPos + 1, Math.min(10_000, lastPos + 100)), false);
  }
  const places = room.messages.list.map(({ pos }) => pos);
  assertEquals(places, views(places[0]!, 10_000).map(({ pos }) => pos));
});

Deno.test("a passage lets go of what is far from where the person reads", () => {
  const room = reading(5_000, 5_599);
  room.sight = 5_500;
  room.append(views(5_600, 5_699), false);
  assertEquals([room.passage?.messages.list.length, range(room)[1]], [MAX_PASSAGE, 5_699]);
  room.sight = 5_110;
  room.passage!.prepend(views(5_000, 5_099), room.sight);
  assertEquals(range(room)[0], 5_000);
});

Deno.test("a passage that reaches the newest messages is none", () => {
  assertEquals(reading(9_900, 9_999).passage, undefined);
  const room = reading(9_000, 9_100);
  room.append([], true);
  assertEquals(room.passage, undefined, "there are no more messages between them");
});

Deno.test("what comes while somebody reads far away is counted, and does not show there", () => {
  const room = reading(5_000, 5_100);
  for (let seq = 10_001; seq <= 10_003; seq++) room.apply(said(seq), ME.id, 0);
  assertEquals([range(room), room.reading.unread(ME.id)], [[5_000, 5_100], 3]);
  room.close();
  assertEquals(range(room), [9_951, 10_003]);
});

Deno.test("as many are unread as came, though not all of them are held", () => {
  const room = entered(joined(9_951, 10_000));
  room.sight = 9_960;
  for (let seq = 10_001; seq <= 12_500; seq++) room.apply(said(seq), ME.id, 0);
  assertEquals(room.reading.unread(ME.id), 2_500);
  assertEquals(room.passage?.messages.get("m9960")?.pos, 9_960, "what is read is still there");
  const { firstPos } = room.messages;
  room.close();
  room.prepend(views(firstPos - 100, firstPos - 1));
  assertEquals(room.reading.unread(ME.id), 2_500);
});

Deno.test("what is read and what is quoted changes as the rest does", () => {
  const room = reading(5_000, 5_100);
  room.quote(view(70));
  const deleted = { type: "message_deleted", room: "general" } as const;
  room.apply({ ...deleted, seq: 10_001, id: "m5050" }, ME.id, 0);
  room.apply({ ...deleted, seq: 10_002, id: "m70" }, ME.id, 0);
  assertEquals([room.message("m5050")?.deleted, room.message("m70")?.deleted], [true, true]);
});

Deno.test("a change that overtakes the page with its message is not lost", () => {
  const room = reading(5_000, 5_100);
  const edited = { type: "message_edited", room: "general", edited_at: 1 } as const;
  room.apply({ ...edited, seq: 10_001, id: "m4999", text: "edited" }, ME.id, 0);
  room.passage!.prepend(views(4_900, 4_999), room.sight);
  assertEquals(room.message("m4999")?.text, "edited");
});

Deno.test("what a return brings changes what is read, and puts nothing where a hole would be", () => {
  const room = reading(5_000, 5_100);
  room.quote(view(70));
  room.interrupt();
  const changed = [5_050, 70, 3_000].map((pos) => view(pos, { seq: 10_001, text: "edited" }));
  room.enter(joined(1, 0, { seq: 10_001, recovered: true, messages: changed }), ME);
  assertEquals([room.message("m5050")?.text, room.message("m70")?.text], ["edited", "edited"]);
  assertEquals([room.message("m3000"), room.messages.firstPos], [undefined, 9_951]);
});

Deno.test("after a break of which not all is known, what is read is looked at again", () => {
  const room = reading(5_000, 5_599);
  room.quote(view(70));
  room.interrupt();
  room.enter(joined(19_951, 20_000), ME);
  const { passage } = room;
  assertEquals([passage?.stale, passage?.messages.list.length], [true, 100]);
  assertEquals(room.message("m70"), undefined, "a quote is asked for again");
  const sight = room.sight!;
  passage!.refresh([view(sight, { seq: 10_005, deleted: true })]);
  assertEquals([passage?.stale, room.message(`m${sight}`)?.deleted], [false, true]);
});

Deno.test("who reads up is not disturbed by a return, though the rest is let go of", () => {
  const room = entered(joined(9_951, 10_000));
  room.prepend(views(9_701, 9_950));
  room.sight = 9_720;
  room.interrupt();
  room.enter(joined(19_951, 20_000), ME);
  assertEquals([room.message("m9720")?.pos, room.passage?.stale], [9_720, true]);
});

Deno.test("a passage ends with the log that it is of", () => {
  const room = reading(5_000, 5_100);
  room.enter(joined(1, 2, { epoch: "e2" }), ME);
  assertEquals([room.passage, range(room)], [undefined, [1, 2]]);
});

Deno.test("a passage that goes on beyond a gap closes it", () => {
  const room = entered(joined(1, 100));
  room.interrupt();
  room.enter(joined(951, 1_000), ME);
  assertEquals([room.gap?.after, room.gap?.before], [100, 951]);
  room.refresh(views(1, 100));
  room.open(views(80, 500));
  assertEquals([room.passage, room.gap?.after], [undefined, 500]);
  room.open(views(480, 960));
  assertEquals(room.gap, undefined);
});

Deno.test("one's own message from long ago, confirmed once more, makes no hole", () => {
  const room = entered(joined(9_951, 10_000));
  room.outbox.replace([{ kind: "send", nonce: "n", room: "general", text: "hi", time: 1 }]);
  room.confirm({ type: "ack", ref: "n", id: "m17", seq: 17 }, ME);
  assertEquals(room.messages.firstPos, 9_951);
});
