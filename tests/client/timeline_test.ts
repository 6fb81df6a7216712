import { assertEquals } from "@std/assert";
import type { MessageView } from "../../lib/wire/protocol.ts";
import { Room } from "../../static/js/state/room.js";
import { type Row, timeline } from "../../static/js/state/timeline.js";

const ME = { id: "me", name: "Alice" };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const dayKey = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function view(
  pos: number,
  name: string,
  time: number,
  more: Partial<MessageView> = {},
): MessageView {
  const user_id = name === ME.name ? ME.id : name;
  return {
    room: "r",
    seq: pos,
    pos,
    id: `m${pos}`,
    user_id,
    username: name,
    text: "",
    time,
    ...more,
  };
}

function roomWith(messages: readonly MessageView[]): Room {
  const room = new Room("r");
  const seq = messages.at(-1)?.seq ?? 0;
  room.enter({
    type: "joined",
    room: "r",
    epoch: "e",
    seq,
    recovered: false,
    messages,
    count: 1,
    users: [ME],
  });
  return room;
}

/** The rows as short words: "+m1" shows its author, "m1" stands below the one before. */
function words(room: Room): string[] {
  return timeline(room, ME, dayKey, 0).map((row: Row) => {
    switch (row.kind) {
      case "message":
        return `${row.lead ? "+" : ""}${row.key}${row.state === "sent" ? "" : ` ${row.state}`}`;
      case "moves":
        return `joined ${row.joined} left ${row.left}`;
      default:
        return row.key;
    }
  });
}

interface Case {
  readonly name: string;
  readonly messages: readonly MessageView[];
  readonly prepare?: (room: Room) => void;
  readonly rows: readonly string[];
}

const moved = (name: string, on: boolean, after: number) => ({ on, userId: name, name, after });

const CASES: readonly Case[] = [
  { name: "an empty room has none", messages: [], rows: [] },
  {
    name: "messages of one author within 5 minutes stand together",
    messages: [view(1, "Bob", 0), view(2, "Bob", 4 * MINUTE), view(3, "Bob", 5 * MINUTE)],
    rows: ["day:1970-01-01", "+m1", "m2", "+m3"],
  },
  {
    name: "another author begins another group",
    messages: [view(1, "Bob", 0), view(2, "Carol", 1), view(3, "Bob", 2)],
    rows: ["day:1970-01-01", "+m1", "+m2", "+m3"],
  },
  {
    name: "each day is named once",
    messages: [view(1, "Bob", DAY - 1), view(2, "Bob", DAY), view(3, "Bob", DAY + 1)],
    rows: ["day:1970-01-01", "+m1", "day:1970-01-02", "+m2", "m3"],
  },
  {
    name: "a clock that is a little behind does not bring yesterday back",
    messages: [view(1, "Bob", DAY), view(2, "Carol", DAY - 1), view(3, "Carol", DAY + 1)],
    rows: ["day:1970-01-02", "+m1", "+m2", "m3"],
  },
  {
    name: "people who came and went between two messages are one row",
    messages: [view(1, "Bob", 0), view(2, "Bob", 1)],
    prepare: (room) =>
      room.moves = [
        moved("Carol", true, 1),
        moved("Dan", true, 1),
        moved("Eve", false, 1),
        moved("Carol", false, 1),
      ],
    rows: ["day:1970-01-01", "+m1", "joined Dan left Eve,Carol", "+m2"],
  },
  {
    name: "people who came after the last message stand at the end",
    messages: [view(1, "Bob", 0)],
    prepare: (room) => room.moves = [moved("Carol", true, 1)],
    rows: ["day:1970-01-01", "+m1", "joined Carol left "],
  },
  {
    name: "moves before the oldest message that is held are not told",
    messages: [view(8, "Bob", 0)],
    prepare: (room) => room.moves = [moved("Carol", true, 3)],
    rows: ["day:1970-01-01", "+m8"],
  },
  {
    name: "what is new begins below a line, and with its author",
    messages: [view(1, "Bob", 0), view(2, "Bob", 1), view(3, "Bob", 2)],
    prepare: (room) => room.reading.newAfter = 1,
    rows: ["day:1970-01-01", "+m1", "new", "+m2", "m3"],
  },
  {
    name: "what is new on a new day stands below the day",
    messages: [view(1, "Bob", 0), view(2, "Bob", DAY)],
    prepare: (room) => room.reading.newAfter = 1,
    rows: ["day:1970-01-01", "+m1", "day:1970-01-02", "new", "+m2"],
  },
  {
    name: "one's own message is not new",
    messages: [view(1, "Bob", 0), view(2, "Alice", 1), view(3, "Bob", 2)],
    prepare: (room) => room.reading.newAfter = 1,
    rows: ["day:1970-01-01", "+m1", "+m2", "new", "+m3"],
  },
  {
    name: "a gap is told where it is, and begins another group",
    messages: [view(1, "Bob", 0), view(8, "Bob", 0)],
    prepare: (room) => room.gap = { after: 1, before: 8, state: "idle" },
    rows: ["day:1970-01-01", "+m1", "gap", "+m8"],
  },
  {
    name: "that the history was replaced is told below what was there then",
    messages: [view(1, "Bob", 0), view(2, "Bob", 0)],
    prepare: (room) => room.replacedAt = 1,
    rows: ["day:1970-01-01", "+m1", "replaced", "+m2"],
  },
  {
    name: "that a room is empty now is told as well",
    messages: [],
    prepare: (room) => room.replacedAt = 0,
    rows: ["replaced"],
  },
  {
    name: "what waits to be sent stands at the end, with what was said before by the same person",
    messages: [view(1, "Alice", 0)],
    prepare: (room) => {
      const said = { kind: "send", room: "r" } as const;
      room.outbox.replace([
        { ...said, nonce: "n1", text: "a", time: 1, failed: "no" },
        { ...said, nonce: "n2", text: "b", time: 2 },
      ]);
    },
    rows: ["day:1970-01-01", "+m1", "n1 failed", "n2 waiting"],
  },
];

for (const { name, messages, prepare, rows } of CASES) {
  Deno.test(`timeline: ${name}`, () => {
    const room = roomWith(messages);
    prepare?.(room);
    assertEquals(words(room), rows);
  });
}

Deno.test("a reply comes with the message that it answers, if that is held", () => {
  const room = roomWith([view(1, "Bob", 0), view(2, "Bob", 1, { reply_to: "m1" })]);
  const row = timeline(room, ME, dayKey, 0).at(-1);
  assertEquals(row?.kind === "message" && row.quoted?.username, "Bob");
});
