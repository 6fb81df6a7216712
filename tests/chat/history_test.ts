import { assertEquals } from "@std/assert";
import { History } from "../../lib/chat/history.ts";
import type { Change, ChatMessage } from "../../lib/model/change.ts";

const room = "general";

function sent(seq: number, text = `text ${seq}`): ChatMessage {
  return {
    type: "chat_message",
    room,
    seq,
    id: `m${seq}`,
    user_id: "u",
    username: "Ann",
    text,
    time: seq,
  };
}

function message(seq: number, more: Record<string, unknown> = {}) {
  const { type: _, ...fields } = sent(seq);
  return { ...fields, pos: seq, ...more };
}

Deno.test("History gives the newest messages, oldest first", () => {
  const history = new History(10, []);
  for (const seq of [1, 2, 3]) history.apply(sent(seq));
  assertEquals<unknown>(history.newest(2), [message(2), message(3)]);
  assertEquals(history.newest(0), []);
  assertEquals(history.newest(Infinity).length, 3);
});

Deno.test("History forgets the oldest messages beyond its capacity", () => {
  const history = new History(2, []);
  for (const seq of [1, 2, 3]) history.apply(sent(seq));
  assertEquals(history.newest(10).map(({ pos }) => pos), [2, 3]);
  assertEquals(history.get("m1"), undefined);
});

Deno.test("History of no capacity holds nothing", () => {
  const history = new History(0, []);
  history.apply(sent(1));
  assertEquals(history.newest(10), []);
});

const CHANGES: [name: string, changes: Change[], then: Record<string, unknown>][] = [
  [
    "an edit",
    [{ type: "message_edited", room, seq: 9, id: "m1", text: "better", edited_at: 7 }],
    { seq: 9, text: "better", edited_at: 7 },
  ],
  [
    "a reaction",
    [{ type: "reaction", room, seq: 9, id: "m1", emoji: "👍", user_id: "v", on: true }],
    { seq: 9, reactions: { "👍": ["v"] } },
  ],
  [
    "reactions of several people, each once",
    [
      { type: "reaction", room, seq: 9, id: "m1", emoji: "👍", user_id: "v", on: true },
      { type: "reaction", room, seq: 10, id: "m1", emoji: "👍", user_id: "w", on: true },
      { type: "reaction", room, seq: 11, id: "m1", emoji: "👍", user_id: "v", on: true },
    ],
    { seq: 11, reactions: { "👍": ["w", "v"] } },
  ],
  [
    "a reaction that was taken off again",
    [
      { type: "reaction", room, seq: 9, id: "m1", emoji: "👍", user_id: "v", on: true },
      { type: "reaction", room, seq: 10, id: "m1", emoji: "❤️", user_id: "v", on: true },
      { type: "reaction", room, seq: 11, id: "m1", emoji: "👍", user_id: "v", on: false },
    ],
    { seq: 11, reactions: { "❤️": ["v"] } },
  ],
];

for (const [name, changes, then] of CHANGES) {
  Deno.test(`History applies ${name}`, () => {
    const history = new History(10, []);
    history.apply(sent(1));
    for (const change of changes) history.apply(change);
    assertEquals<unknown>(history.newest(10), [message(1, then)]);
  });
}

Deno.test("History keeps neither text nor reactions of a message that was deleted", () => {
  const history = new History(10, []);
  history.apply(sent(1));
  history.apply({ type: "reaction", room, seq: 2, id: "m1", emoji: "👍", user_id: "v", on: true });
  history.apply({ type: "message_edited", room, seq: 3, id: "m1", text: "better", edited_at: 7 });
  history.apply({ type: "message_deleted", room, seq: 4, id: "m1" });
  const { text: _, ...tombstone } = message(1, { seq: 4, deleted: true });
  assertEquals<unknown>(history.newest(10), [tombstone]);
});

Deno.test("History passes over a change to a message that it does not hold", () => {
  const history = new History(10, []);
  history.apply({ type: "message_deleted", room, seq: 4, id: "m1" });
  assertEquals(history.newest(10), []);
});
