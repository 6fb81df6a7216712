import { assertEquals } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { MessageView } from "../../lib/wire/protocol.ts";
import { Messages } from "../../static/js/state/messages.js";

const ME = "me0000000000";

function view(pos: number, more: Partial<MessageView> = {}): MessageView {
  const id = `m${pos}`;
  return {
    room: "general",
    seq: pos,
    pos,
    id,
    user_id: "u",
    username: "Bob",
    text: id,
    time: pos,
    ...more,
  };
}

function said(seq: number): Change {
  const { pos: _, ...message } = view(seq);
  return { type: "chat_message", ...message, text: message.id };
}

const edited = (seq: number, id: string): Change => ({
  type: "message_edited",
  room: "general",
  seq,
  id,
  text: `edit ${seq}`,
  edited_at: seq,
});
const deleted = (seq: number, id: string): Change => ({
  type: "message_deleted",
  room: "general",
  seq,
  id,
});
const reacted = (seq: number, id: string, user_id: string, on = true): Change => ({
  type: "reaction",
  room: "general",
  seq,
  id,
  emoji: "👍",
  user_id,
  on,
});

function after(views: readonly MessageView[], changes: readonly Change[]): Messages {
  const messages = new Messages();
  for (const one of views) messages.put(one);
  for (const change of changes) messages.apply(change, ME);
  return messages;
}

const texts = (messages: Messages) => messages.list.map(({ text }) => text);

interface Case {
  readonly name: string;
  readonly views?: readonly MessageView[];
  readonly changes?: readonly Change[];
  readonly texts: readonly (string | undefined)[];
}

const CASES: readonly Case[] = [
  { name: "new ones come last", changes: [said(1), said(2)], texts: ["m1", "m2"] },
  {
    name: "older ones find their place",
    views: [view(7), view(9), view(2), view(8)],
    texts: ["m2", "m7", "m8", "m9"],
  },
  { name: "one that comes twice is there once", changes: [said(1), said(1)], texts: ["m1"] },
  { name: "an edit changes the text", changes: [said(1), edited(2, "m1")], texts: ["edit 2"] },
  {
    name: "an older edit changes nothing",
    changes: [said(1), edited(5, "m1"), edited(3, "m1")],
    texts: ["edit 5"],
  },
  { name: "a tombstone has no text", changes: [said(1), deleted(2, "m1")], texts: [undefined] },
  {
    name: "a change that comes before its message waits for it",
    changes: [edited(5, "m1"), deleted(6, "m2"), said(1), said(2)],
    texts: ["edit 5", undefined],
  },
];

for (const { name, views = [], changes = [], texts: expected } of CASES) {
  Deno.test(`messages: ${name}`, () => assertEquals(texts(after(views, changes)), expected));
}

Deno.test("an old version of a message does not replace a newer one", () => {
  const messages = after([view(1, { seq: 4, text: "new" })], []);
  messages.put(view(1, { seq: 2, text: "old" }));
  assertEquals(texts(messages), ["new"]);
});

Deno.test("reactions are counted, the person's own are known, and the last one leaves no trace", () => {
  const messages = after([view(1)], [reacted(2, "m1", "other"), reacted(3, "m1", ME)]);
  assertEquals(messages.get("m1")?.reactions, {
    "👍": { count: 2, mine: true, who: ["other"] },
  });
  messages.apply(reacted(4, "m1", ME, false), ME);
  assertEquals(messages.get("m1")?.reactions, {
    "👍": { count: 1, mine: false, who: ["other"] },
  });
  messages.apply(reacted(5, "m1", "other", false), ME);
  assertEquals(messages.get("m1")?.reactions, {});
});

Deno.test("of those who reacted before, how many they are is known, and not who they are", () => {
  const reactions = { "👍": { count: 3, mine: false } };
  const messages = after([view(1, { reactions })], [reacted(2, "m1", "other")]);
  assertEquals(messages.get("m1")?.reactions, { "👍": { count: 4, mine: false, who: ["other"] } });
});

Deno.test("a message keeps the key of its row through new versions and new pages", () => {
  const messages = new Messages();
  messages.put(view(1), "nonce");
  messages.apply(said(1), ME);
  messages.apply(edited(2, "m1"), ME);
  messages.replace([view(1, { seq: 2 })]);
  assertEquals(messages.get("m1")?.key, "nonce");
});

Deno.test("only the newest are kept when there are too many", () => {
  const messages = after([1, 2, 3, 4].map((pos) => view(pos)), []);
  messages.keepNewest(2);
  assertEquals([texts(messages), messages.get("m1"), messages.firstPos], [
    ["m3", "m4"],
    undefined,
    3,
  ]);
  messages.keepNewest(5);
  assertEquals(messages.list.length, 2);
});
