import { assertEquals } from "@std/assert";
import type { Change, Draft } from "../../lib/model/change.ts";
import type { Message } from "../../lib/model/message.ts";
import type { PageQuery, Store } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { append, edit, react, remove, send } from "./drafts.ts";

async function sendMany(store: Store, count: number, room = "general"): Promise<string[]> {
  const drafts = Array.from({ length: count }, () => send({ room }));
  await store.append(drafts);
  return drafts.map(({ id }) => id);
}

/** The pages of a room whose messages stand at 1 to 10. */
const PAGES: Readonly<Record<string, [query: PageQuery, places: number[]]>> = {
  "the newest without a bound": [{ limit: 3 }, [8, 9, 10]],
  "all if the limit is higher": [{ limit: 100 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  "those before a place, nearest to it": [{ before: 5, limit: 3 }, [2, 3, 4]],
  "those before a place, down to the first": [{ before: 3, limit: 5 }, [1, 2]],
  "none before the first": [{ before: 1, limit: 5 }, []],
  "those after a place, nearest to it": [{ after: 5, limit: 3 }, [6, 7, 8]],
  "those after a place, up to the last": [{ after: 8, limit: 5 }, [9, 10]],
  "none after the last": [{ after: 10, limit: 5 }, []],
  "those from the first on, after 0": [{ after: 0, limit: 2 }, [1, 2]],
  "those between two places, nearest to the end": [{ after: 2, before: 8, limit: 3 }, [5, 6, 7]],
  "the first if asked for": [{ first: true, limit: 3 }, [1, 2, 3]],
  "the first before a place if asked for": [{ before: 3, first: true, limit: 5 }, [1, 2]],
  "the first after a place if asked for": [{ after: 5, first: true, limit: 3 }, [6, 7, 8]],
  "the first between two places if asked for": [
    { after: 2, before: 8, first: true, limit: 3 },
    [3, 4, 5],
  ],
  "the last after a place if asked for": [{ after: 5, first: false, limit: 3 }, [8, 9, 10]],
  "none between neighbours": [{ after: 4, before: 5, limit: 3 }, []],
};

/** Changes in all their kinds, to messages that are kept and that are deleted. */
function story(): Draft[] {
  const [a, b, c, d] = [send(), send(), send(), send()];
  return [
    a,
    b,
    react(a.id, "👍"),
    edit(b.id, "b2"),
    c,
    react(c.id, "🎉"),
    edit(c.id, "c2"),
    react(a.id, "🎉", { user_id: "bob000000000" }),
    remove(c.id),
    edit(b.id, "b3"),
    react(a.id, "👍", { on: false }),
    d,
    edit(a.id, "a2"),
    remove(b.id),
    react(a.id, "👍", { user_id: "bob000000000" }),
  ];
}

/** What somebody who saw `messages` sees after the changes. */
function apply(messages: readonly Message[], changes: readonly Change[]): Message[] {
  const seen = new Map(messages.map((message) => [message.id, message]));
  for (const change of changes) {
    const { id, seq } = change;
    const known = seen.get(id);
    if (change.type === "chat_message") {
      const { type: _, ...message } = change;
      seen.set(id, { ...message, pos: seq });
    } else if (known && change.type === "message_edited") {
      seen.set(id, { ...known, seq, text: change.text, edited_at: change.edited_at });
    } else if (known && change.type === "message_deleted") {
      const { text: _text, edited_at: _edited_at, reactions: _reactions, ...rest } = known;
      seen.set(id, { ...rest, seq, deleted: true });
    } else if (known && change.type === "reaction") {
      seen.set(id, { ...withReaction(known, change), seq });
    }
  }
  return [...seen.values()].toSorted((x, y) => x.pos - y.pos);
}

function withReaction(
  { reactions = {}, ...message }: Message,
  { emoji, user_id, on }: Extract<Change, { type: "reaction" }>,
): Message {
  const others = (reactions[emoji] ?? []).filter((id) => id !== user_id);
  const { [emoji]: _, ...rest } = reactions;
  const users = on ? [...others, user_id] : others;
  const changed = users.length > 0 ? { ...rest, [emoji]: users } : rest;
  return Object.keys(changed).length > 0 ? { ...message, reactions: changed } : message;
}

/** What the readers of a log must give. */
export const historyContract: Contract = {
  ...Object.fromEntries(
    Object.entries(PAGES).map(([name, [query, places]]): [string, Contract[string]] => [
      `gives a page of messages: ${name}`,
      async ({ store }) => {
        await sendMany(store, 10);
        await sendMany(store, 3, "tea");
        const messages = await store.page("general", query);
        assertEquals(messages.map(({ pos }) => pos), places);
      },
    ]),
  ),

  "gives an empty page of a room that was never written to": async ({ store }) => {
    assertEquals(await store.page("tea", { limit: 10 }), []);
  },

  "keeps a message in its place when it changes, and a tombstone too": async ({ store }) => {
    const [first, second, third] = await sendMany(store, 3);
    await store.append([edit(first!, "Changed"), react(second!, "👍"), remove(third!)]);
    const messages = await store.page("general", { limit: 10 });
    assertEquals(messages.map(({ id, pos, seq }) => ({ id, pos, seq })), [
      { id: first, pos: 1, seq: 4 },
      { id: second, pos: 2, seq: 5 },
      { id: third, pos: 3, seq: 6 },
    ]);
  },

  "finds a message by its room and id": async ({ store, other }) => {
    const { type: _, ...fields } = send();
    await store.append([{ type: "chat_message", ...fields }]);
    assertEquals(await other.message("general", fields.id), { ...fields, pos: 1, seq: 1 });
    assertEquals(await other.message("tea", fields.id), undefined);
    assertEquals(await other.message("general", "01HF7YAT000000000000000000"), undefined);
  },

  "gives what changed since a version, each message once, by version": async ({ store }) => {
    const [first, second, third, fourth] = await sendMany(store, 4);
    await store.append([
      edit(first!, "Once"),
      react(third!, "👍"),
      edit(first!, "Twice"),
      remove(second!),
    ]);
    const versionsSince = async (seq: number, limit = 10) =>
      (await store.changedSince("general", seq, limit)).map(({ id, seq }) => [id, seq]);
    const all = [[fourth, 4], [third, 6], [first, 7], [second, 8]];
    assertEquals(await versionsSince(0), all);
    assertEquals(await versionsSince(4), all.slice(1));
    assertEquals(await versionsSince(6), all.slice(2));
    assertEquals(await versionsSince(8), []);
    assertEquals(await versionsSince(0, 3), all.slice(0, 3));
    assertEquals(await store.changedSince("tea", 0, 10), []);
  },

  "gives messages in full as what changed": async ({ store }) => {
    await store.append(story());
    const changed = await store.changedSince("general", 0, 100);
    assertEquals(
      changed.toSorted((x, y) => x.pos - y.pos),
      [...await store.page("general", { limit: 100 })],
    );
  },

  "tells each change in order, with texts as they are now": async ({ store }) => {
    const parent = send();
    const draft = send({ reply_to: parent.id });
    const drafts = [
      draft,
      react(draft.id, "👍"),
      edit(draft.id, "Twice"),
      react(draft.id, "👍", { on: false }),
    ];
    await store.append([parent, draft, react(draft.id, "👍"), edit(draft.id, "Once")]);
    await store.append([react(draft.id, "👍", { on: false }), edit(draft.id, "Twice")]);
    const told = [
      { ...parent, seq: 1 },
      { ...draft, text: "Twice", seq: 2 },
      { ...drafts[1], seq: 3 },
      { ...drafts[2], seq: 4 },
      { ...drafts[3], seq: 5 },
      { ...drafts[2], seq: 6 },
    ];
    assertEquals(await store.changes("general", 0, 100), told as Change[]);
    assertEquals(await store.changes("general", 3, 100), told.slice(3) as Change[]);
    assertEquals(await store.changes("general", 1, 2), told.slice(1, 3) as Change[]);
    assertEquals(await store.changes("general", 6, 100), []);
    assertEquals(await store.changes("tea", 0, 100), []);
  },

  "tells only the deletion of a message that was deleted": async ({ store }) => {
    const draft = send();
    await store.append([draft, react(draft.id, "👍"), edit(draft.id, "Changed"), remove(draft.id)]);
    assertEquals(await store.changes("general", 0, 100), [
      { type: "message_deleted", room: "general", id: draft.id, seq: 4 },
    ]);
  },

  "tells enough to catch up from anywhere, in steps of any size": async ({ store }) => {
    const drafts = story();
    const before: Message[][] = [];
    for (const draft of drafts) {
      before.push([...await store.page("general", { limit: 100 })]);
      await append(store, draft);
    }
    const now = await store.page("general", { limit: 100 });
    for (const [after, messages] of before.entries()) {
      const seen = new Set(messages.map(({ id }) => id));
      const expected = now.filter(({ id, deleted }) => seen.has(id) || !deleted);
      for (const limit of [1, 2, 5, 100]) {
        let reader = messages;
        let reached = after;
        while (reached < drafts.length) {
          const changes = await store.changes("general", reached, limit);
          reader = apply(reader, changes);
          reached = changes.at(-1)!.seq;
        }
        assertEquals(reader, [...expected]);
      }
    }
  },

  "says where rooms stand, in the order asked": async ({ store, other }) => {
    await sendMany(store, 3);
    await sendMany(store, 1, "tea");
    const user = { id: "alice0000000", name: "Alice" };
    await store.move("i1", [{ room: "tea", user, on: true }, { room: "tea", user, on: false }]);
    assertEquals((await other.heads(["tea", "never", "general"])).heads, [
      { room: "tea", seq: 1, rev: 2 },
      { room: "never", seq: 0, rev: 0 },
      { room: "general", seq: 3, rev: 0 },
    ]);
    assertEquals((await other.heads([])).heads, []);
  },

  "says where a thousand rooms stand at once": async ({ store }) => {
    const rooms = Array.from({ length: 1000 }, (_, i) => `room-${i}`);
    await store.append(rooms.slice(500).map((room) => send({ room })));
    const { heads } = await store.heads(rooms);
    assertEquals(heads, rooms.map((room, i) => ({ room, seq: i < 500 ? 0 : 1, rev: 0 })));
  },

  "shows a room at one moment": async ({ store, other }) => {
    const user = { id: "alice0000000", name: "Alice" };
    await store.append(story());
    await store.move("i1", [{ room: "general", user, on: true }]);
    assertEquals(await other.snapshot("general", 2), {
      epoch: (await store.heads([])).epoch,
      seq: 15,
      messages: await store.page("general", { limit: 2 }),
      people: { rev: 1, users: [user] },
    });
  },

  "shows a room that was never written to": async ({ store }) => {
    const { epoch } = await store.heads([]);
    const people = { rev: 0, users: [] };
    assertEquals(await store.snapshot("tea", 10), { epoch, seq: 0, messages: [], people });
  },

  "shows no message that is newer than the place it names": async ({ store, other }) => {
    const writing = Array.from({ length: 50 }, () => append(store, send()));
    const snapshots = await Promise.all(
      Array.from({ length: 20 }, () => other.snapshot("general", 100)),
    );
    await Promise.all(writing);
    for (const { seq, messages } of snapshots) {
      assertEquals(messages.map(({ pos }) => pos), Array.from({ length: seq }, (_, i) => i + 1));
    }
  },

  "lists general, and the rooms that have messages or people, by name": async ({ store }) => {
    const general = { room: "general", seq: 0, time: 0, count: 0 };
    assertEquals(await store.rooms(), [general]);
    const [alice, bob] = ["Alice", "Bob"].map((name) => ({ id: `${name}-id`, name }));
    const [first, last] = [send({ room: "tea" }), send({ room: "tea" })];
    await store.append([first, last, remove(last.id, "tea"), send({ room: "~alice" })]);
    await store.move("i1", [
      { room: "tea", user: alice!, on: true },
      { room: "tea", user: bob!, on: true },
      { room: "cake", user: bob!, on: true },
      { room: "left", user: bob!, on: true },
      { room: "left", user: bob!, on: false },
      { room: "~alice", user: bob!, on: true },
    ]);
    await store.move("i2", [{ room: "tea", user: alice!, on: true }]);
    assertEquals(await store.rooms(), [
      { room: "cake", seq: 0, time: 0, count: 1 },
      general,
      { room: "tea", seq: 3, time: last.time, count: 2, newest: newestOf(first) },
    ]);
  },
};

function newestOf({ user_id, username, text, time }: ReturnType<typeof send>) {
  return { user_id, username, text, time };
}
