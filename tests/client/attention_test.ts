import { assertEquals } from "@std/assert";
import type { Event } from "../../lib/wire/protocol.ts";
import { attend, countUnread, newsOf } from "../../static/js/attention.js";
import { Chat } from "../../static/js/state/chat.js";

const ME = { id: "me0000000000", name: "Alice" };
const BOB = { id: "bob000000000", name: "Bob" };

type Watching = Parameters<typeof attend>[1];

const AWAY: Watching = {
  level: "all",
  present: false,
  open: false,
  notifications: true,
  sounds: true,
};
const HERE: Watching = { ...AWAY, present: true, open: true };
const NOTHING = { notify: false, sound: false };
const BOTH = { notify: true, sound: true };

const CASES: readonly [
  name: string,
  personal: boolean,
  watching: Watching,
  expected: typeof NOTHING,
][] = [
  ["whoever sees a message is not told of it", false, HERE, NOTHING],
  ["whoever sees a mention is not told of it", true, HERE, NOTHING],
  ["whoever is away is called", false, AWAY, BOTH],
  ["an open room is no help to whoever is away", false, { ...HERE, present: false }, BOTH],
  [
    "whoever reads another room is not told of small talk",
    false,
    { ...HERE, open: false },
    NOTHING,
  ],
  [
    "whoever reads another room hears of what is theirs, and is not called by the desktop",
    true,
    { ...HERE, open: false },
    { notify: false, sound: true },
  ],
  ["who wants mentions hears of no other message", false, { ...AWAY, level: "mentions" }, NOTHING],
  ["who wants mentions hears of them", true, { ...AWAY, level: "mentions" }, BOTH],
  ["who wants nothing hears of nothing", true, { ...AWAY, level: "none" }, NOTHING],
  ["without sounds it is quiet", true, { ...AWAY, sounds: false }, { notify: true, sound: false }],
  [
    "without the desktop it sounds",
    true,
    { ...AWAY, notifications: false },
    { notify: false, sound: true },
  ],
];
for (const [name, personal, watching, expected] of CASES) {
  Deno.test(`attention: ${name}`, () => assertEquals(attend({ personal }, watching), expected));
}

/** Alice in the room `den`, with two messages that she has not read, one of them a mention. */
function makeChat(): Chat {
  const chat = new Chat();
  chat.me = ME;
  chat.open("den").reading.stand({ unread: 2, mentions: 1, read: 0 });
  return chat;
}

const said = (text: string, user = BOB, room = "den"): Event => {
  const { id, name } = user;
  return {
    type: "chat_message",
    room,
    seq: 9,
    id: "m9",
    user_id: id,
    username: name,
    text,
    time: 9,
  };
};
const changed = (unread: number, mentions: number, user = BOB, room = "den"): Event => ({
  type: "room_changed",
  room,
  unread,
  mentions,
  newest: { user_id: user.id, username: user.name, text: "hello", time: 9 },
});

const NEWS: readonly [name: string, event: Event, personal: boolean | undefined][] = [
  ["a message of somebody else's", said("hello"), false],
  ["a mention", said("hello @alice!"), true],
  ["a message in a talk of two", said("hello", BOB, "~0123456789ABCDEFGHJKMNPQRS"), true],
  ["a message of one's own", said("hello", ME), undefined],
  ["a message in another room", changed(3, 1), false],
  ["a mention in another room", changed(3, 2), true],
  ["a message in another talk of two", changed(1, 0, BOB, "~0123456789ABCDEFGHJKMNPQRS"), true],
  ["a message of one's own in another room", changed(3, 1, ME), undefined],
  ["a room that was read elsewhere", changed(0, 0), undefined],
  ["a message that was deleted in another room", changed(1, 1), undefined],
  ["a room that was emptied", { ...changed(3, 1), newest: undefined } as Event, undefined],
  ["somebody who types", {
    type: "typing",
    room: "den",
    user_id: BOB.id,
    username: BOB.name,
    on: true,
  }, undefined],
];
for (const [name, event, personal] of NEWS) {
  const what = personal === undefined ? "no news" : personal ? "news to the person" : "news";
  Deno.test(`attention: ${name} is ${what}`, () => {
    const news = newsOf(event, makeChat());
    assertEquals(news?.personal, personal);
    if (news) assertEquals(news.author, BOB.name);
  });
}

Deno.test("attention: the title counts what is unread, but for rooms of which nothing is wanted", () => {
  const chat = makeChat();
  chat.open("~0123456789ABCDEFGHJKMNPQRS").reading.stand({ unread: 4 });
  assertEquals(countUnread(chat, () => "all"), { unread: 6, personal: 5 });
  assertEquals(countUnread(chat, () => "mentions"), { unread: 6, personal: 5 });
  assertEquals(countUnread(chat, (room) => room === "den" ? "none" : "all"), {
    unread: 4,
    personal: 4,
  });
});
