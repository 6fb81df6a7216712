import { assert, assertEquals } from "@std/assert";
import type { Retention, Store } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { append, edit, react, remove, send, seqs, TIME } from "./drafts.ts";
import { ALICE, enter } from "./people.ts";

const ALL: Retention = { sentBefore: 0, perRoom: Infinity };

/** Prunes to the end, and answers how many calls that took. */
async function pruneAll(store: Store, retention: Partial<Retention>): Promise<number> {
  let calls = 0;
  for (let from: string | undefined = ""; from !== undefined; calls++) {
    assert(calls < 1000, "it does not come to an end");
    from = await store.prune({ ...ALL, ...retention }, from);
  }
  return calls;
}

async function places(store: Store, room = "general"): Promise<number[]> {
  return (await store.page(room, { limit: 1000 })).map(({ pos }) => pos);
}

/** Fills a room with messages that were sent at 1 s, 2 s and so on; answers their ids. */
async function fill(store: Store, count: number, room = "general"): Promise<string[]> {
  const drafts = Array.from({ length: count }, (_, i) => send({ room, time: (i + 1) * 1000 }));
  await store.append(drafts);
  return drafts.map(({ id }) => id);
}

/** Which of ten messages, sent at 1 s to 10 s, stay. */
const KEPT: Readonly<Record<string, [retention: Partial<Retention>, places: number[]]>> = {
  "all without a limit": [{}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  "the newest, by their number": [{ perRoom: 3 }, [8, 9, 10]],
  "all if there are as many": [{ perRoom: 10 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  "all if there are fewer": [{ perRoom: 11 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  "those not sent before a time": [{ sentBefore: 4000 }, [4, 5, 6, 7, 8, 9, 10]],
  "all if none was sent before it": [{ sentBefore: 1000 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  "the newest if both limits would take it": [{ sentBefore: 99_000, perRoom: 1 }, [10]],
  "the newest if all were sent before a time": [{ sentBefore: 99_000 }, [10]],
  "the fewer if there are two limits": [{ sentBefore: 4000, perRoom: 3 }, [8, 9, 10]],
  "the fewer if there are two limits, the other way": [
    { sentBefore: 9000, perRoom: 5 },
    [9, 10],
  ],
};

/** Which messages are kept. */
export const retentionContract: Contract = {
  ...Object.fromEntries(
    Object.entries(KEPT).map(([name, [retention, kept]]): [string, Contract[string]] => [
      `keeps of a room ${name}`,
      async ({ store, other }) => {
        await fill(store, 10);
        await pruneAll(store, retention);
        assertEquals(await places(other), kept);
        assertEquals((await store.heads(["general"])).heads[0]?.seq, 10);
        assertEquals(seqs([await append(store, send())]), [11]);
      },
    ]),
  ),

  "keeps the message that a room's latest change belongs to": async ({ store }) => {
    for (const change of [edit, remove, react] as const) {
      const room = change.name;
      const [first] = await fill(store, 5, room);
      await append(
        store,
        change === react
          ? react(first!, "👍", { room })
          : change === edit
          ? edit(first!, "again", room)
          : remove(first!, room),
      );
      await pruneAll(store, { perRoom: 2 });
      assertEquals(await places(store, room), [1, 4, 5], room);
      assertEquals((await store.changes(room, 0, 100)).at(-1)?.seq, 6, room);
      // With the next change it goes.
      await append(store, send({ room }));
      await pruneAll(store, { perRoom: 2 });
      assertEquals(await places(store, room), [5, 7], room);
    }
  },

  "counts right after messages were deleted, edited and removed": async ({ store }) => {
    const ids = await fill(store, 10);
    await store.append([
      remove(ids[4]!),
      edit(ids[5]!, "again"),
      remove(ids[9]!),
      react(ids[8]!, "👍"),
    ]);
    await pruneAll(store, { perRoom: 6 });
    assertEquals(await places(store), [5, 6, 7, 8, 9, 10]);
    await store.append([send(), send()]);
    await pruneAll(store, { perRoom: 6 });
    assertEquals(await places(store), [7, 8, 9, 10, 15, 16]);
    await pruneAll(store, { perRoom: 6 });
    assertEquals(await places(store), [7, 8, 9, 10, 15, 16]);
  },

  "removes at most 100 messages a call, room by room, and goes on where it stopped": async (
    { store },
  ) => {
    const rooms = { a: 250, b: 3, c: 120 };
    for (const [room, count] of Object.entries(rooms)) await fill(store, count, room);
    const count = async () => {
      const counts = Object.keys(rooms).map(async (room) => (await places(store, room)).length);
      return await Promise.all(counts);
    };
    for (let from: string | undefined = "", before = await count(); from !== undefined;) {
      from = await store.prune({ ...ALL, perRoom: 1 }, from);
      const left = await count();
      const removed = left.map((count, i) => before[i]! - count);
      assert(removed.reduce((a, b) => a + b) <= 100, `it removed ${removed}`);
      const [a, b, c] = left;
      assert(b === 3 || a === 1, "the second room before the first was done");
      assert(c === 120 || b === 1, "the third room before the second was done");
      before = left;
    }
    assertEquals(await count(), [1, 1, 1]);
  },

  "looks through a thousand rooms in few calls": async ({ store }) => {
    const rooms = Array.from({ length: 1000 }, (_, i) => `room-${String(i).padStart(3, "0")}`);
    await store.append(rooms.map((room) => send({ room })));
    assert(await pruneAll(store, { perRoom: 1 }) <= 100);
    await store.append([send({ room: "room-555" }), send({ room: "room-999" })]);
    await pruneAll(store, { perRoom: 1 });
    assertEquals(await places(store, "room-555"), [2]);
    assertEquals(await places(store, "room-999"), [2]);
    assertEquals(await places(store, "room-001"), [1]);
  },

  "begins at the room that it is given": async ({ store }) => {
    for (const room of ["a", "b"]) await fill(store, 3, room);
    await store.prune({ ...ALL, perRoom: 1 }, "b");
    assertEquals([await places(store, "a"), await places(store, "b")], [[1, 2, 3], [3]]);
  },

  "takes reactions and changes with their message, and no others": async ({ store, other }) => {
    const [gone, kept] = await fill(store, 2);
    await store.append([react(gone!, "👍"), edit(gone!, "again"), react(kept!, "🎉"), send()]);
    await pruneAll(store, { perRoom: 2 });
    assertEquals(await other.message("general", gone!), undefined);
    assertEquals((await other.message("general", kept!))?.reactions, { "🎉": ["alice0000000"] });
    const changes = await other.changes("general", 0, 100);
    assertEquals(changes.map(({ seq, type }) => `${seq} ${type}`), [
      "2 chat_message",
      "5 reaction",
      "6 chat_message",
    ]);
    assertEquals(await append(store, edit(gone!, "too late")), { refused: "not_found" });
  },

  "lets all that is read agree while messages are removed": async ({ store, other }) => {
    const ids = await fill(store, 300);
    await store.append([edit(ids[250]!, "again"), remove(ids[260]!), react(ids[299]!, "👍")]);
    await store.move("i1", [enter(ALICE)]);
    for (let from: string | undefined = ""; from !== undefined;) {
      from = await store.prune({ ...ALL, perRoom: 20 }, from);
      const page = await other.page("general", { limit: 1000 });
      assertEquals(page.at(-1)?.id, ids[299]);
      assertEquals(page.map(({ pos }) => pos), page.map((_, i) => 301 - page.length + i));
      const { seq, messages } = await other.snapshot("general", 1000);
      assertEquals([seq, messages], [303, page]);
      const since = await other.changedSince("general", 0, 1000);
      assertEquals(since.toSorted((a, b) => a.pos - b.pos), [...page]);
      const changes = await other.changes("general", 0, 1000);
      assertEquals(new Set(changes.map(({ id }) => id)), new Set(page.map(({ id }) => id)));
      assertEquals(changes.at(-1)?.seq, 303);
      const [standing] = await other.standingsIn("general", [ALICE]);
      assertEquals([standing?.seq, standing?.read], [303, 303]);
    }
    assertEquals((await places(store)).length, 20);
  },

  "counts as unread only what is still there": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    await store.append(Array.from({ length: 10 }, () => send({ user_id: "bob000000000" })));
    await pruneAll(store, { perRoom: 4 });
    assertEquals((await store.standings(ALICE))[0]?.unread, 4);
  },

  "removes nothing twice and no more than is due while handles race": async ({ store, other }) => {
    await fill(store, 500);
    await Promise.all([
      pruneAll(store, { perRoom: 50 }),
      pruneAll(other, { perRoom: 50 }),
      ...Array.from({ length: 50 }, () => append(store, send({ time: TIME }))),
    ]);
    await pruneAll(store, { perRoom: 50 });
    assertEquals(await places(store), Array.from({ length: 50 }, (_, i) => 501 + i));
  },

  "stores a message anew whose first one was removed, for its nonce is forgotten": async (
    { store },
  ) => {
    await store.append([send({ nonce: "n" }), send()]);
    await pruneAll(store, { perRoom: 1 });
    assertEquals(seqs([await append(store, send({ nonce: "n" }))]), [3]);
  },
};
