import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import type { User } from "../../lib/model/user.ts";
import { isDirectName } from "../../lib/model/names.ts";
import type { Standing, Store } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { append, edit, remove, send } from "./drafts.ts";
import { ALICE, BOB, CAROL, enter, leave, LONG_MS, SHORT_MS, untilShortIsOver } from "./people.ts";

/** What a person has in front of them, in short. */
async function inShort(store: Store, user: User): Promise<string[]> {
  const standings = await store.standings(user);
  return standings.map(({ room, read, seq, unread }) => `${room} ${read}/${seq} ${unread}`);
}

/** What is told of the newest message of a room, once to Alice and once to who lists rooms. */
async function newestIn(store: Store, room = "general") {
  const [standing] = await store.standingsIn(room, [ALICE]);
  const summary = (await store.rooms()).find((one) => one.room === room);
  const [listed] = (await store.standings(ALICE)).filter((one) => one.room === room);
  assertEquals(standing?.newest, summary?.newest);
  assertEquals(listed?.newest, summary?.newest);
  return summary?.newest;
}

/** Rooms of two people. */
const directContract: Contract = {
  "makes one room for two people, whoever of them asks": async ({ store, other }) => {
    const made = await store.direct([BOB, ALICE]);
    assert(isDirectName(made.room), made.room);
    assertEquals(made.users, [BOB, ALICE], "in the order of their ids");
    assertEquals(await other.direct([ALICE, BOB]), made);
    assertNotEquals((await other.direct([ALICE, CAROL])).room, made.room);
  },

  "makes one room for two people who ask for each other at once": async ({ store, other }) => {
    const asked = Array.from({ length: 20 }, (_, i) => {
      const pair = i % 3 ? [ALICE, BOB] as const : [BOB, ALICE] as const;
      return [store, other][i % 2]!.direct(pair);
    });
    const rooms = (await Promise.all(asked)).map(({ room }) => room);
    assertEquals(new Set(rooms).size, 1);
    assertEquals((await store.directs(ALICE.id)).length, 1);
  },

  "makes no room of one person": async ({ store }) => {
    await assertRejects(async () => await store.direct([ALICE, { ...ALICE, name: "Alison" }]));
    assertEquals(await store.directs(ALICE.id), []);
  },

  "says whose a direct room is, and which a person has": async ({ store, other }) => {
    const withBob = await store.direct([ALICE, BOB]);
    const withCarol = await store.direct([CAROL, ALICE]);
    assertEquals(await other.directOf(withBob.room), withBob);
    for (const name of ["~01ARZ3NDEKTSV4RRFFQ69G5FAV", "general", ""]) {
      assertEquals(await other.directOf(name), undefined, name);
    }
    const both = [withBob, withCarol].toSorted((a, b) => a.room < b.room ? -1 : 1);
    assertEquals(await other.directs(ALICE.id), both);
    assertEquals(await other.directs(BOB.id), [withBob]);
    assertEquals(await other.directs("nobody"), []);
  },

  "keeps the names of a direct room's people as they were given last": async ({ store, other }) => {
    const written = { ...BOB, name: "BÖB \uFDD0 👋" };
    const { room } = await store.direct([ALICE, BOB]);
    assertEquals((await other.direct([ALICE, written])).users, [written, ALICE]);
    assertEquals((await store.directOf(room))?.users, [written, ALICE]);
    assertEquals((await store.directs(ALICE.id))[0]?.users, [written, ALICE]);
  },

  "makes a direct room one of both people's at once, and of nobody else": async (
    { store, other },
  ) => {
    const { room } = await store.direct([ALICE, BOB]);
    for (const user of [ALICE, BOB]) assertEquals(await inShort(other, user), [`${room} 0/0 0`]);
    assertEquals(await inShort(other, CAROL), []);
    await append(store, send({ room, user_id: ALICE.id, text: "for @bob" }));
    assertEquals(await inShort(other, ALICE), [`${room} 0/1 0`]);
    const [standing] = await other.standingsIn(room, [BOB, CAROL]) as [Standing];
    assertEquals([standing.unread, standing.mentions], [1, 1]);
    await other.mark([{ userId: BOB.id, room, seq: 9 }]);
    assertEquals(await inShort(store, BOB), [`${room} 1/1 0`]);
    // Who asks for it again has read no more and no less by that.
    await append(store, send({ room, user_id: ALICE.id }));
    await store.direct([ALICE, BOB]);
    assertEquals(await inShort(store, BOB), [`${room} 1/2 1`]);
  },

  "keeps a direct room one of both people's, whoever leaves it or goes": async (
    { store, other },
  ) => {
    const { room } = await store.direct([ALICE, BOB]);
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }, { user: BOB, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE, room), enter(BOB, room), enter(BOB, "tea")]);
    await store.move("i1", [leave(ALICE, room)]);
    await store.withdraw(ALICE.id, room);
    assertEquals(await inShort(other, ALICE), [`${room} 0/0 0`]);
    await store.move("i1", [leave(BOB, room), leave(BOB, "tea")]);
    await store.disconnect("i1", [ALICE.id, BOB.id]);
    for (const user of [ALICE, BOB]) assertEquals(await inShort(other, user), [`${room} 0/0 0`]);
  },

  "keeps the direct rooms of a guest whose instance is removed": async ({ store, other }) => {
    const { room } = await store.direct([ALICE, BOB]);
    await store.beat({ instance: "i1", leaseMs: SHORT_MS, rooms: [] });
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE, room), enter(ALICE, "tea")]);
    await untilShortIsOver();
    const { gone } = await other.beat({ instance: "i2", leaseMs: LONG_MS, rooms: [] });
    assertEquals(gone.map((one) => one.room).toSorted(), ["tea", room]);
    assertEquals(await inShort(other, ALICE), [`${room} 0/0 0`]);
  },

  "keeps a direct room whatever is pruned, and prunes its messages": async ({ store }) => {
    const { room } = await store.direct([ALICE, BOB]);
    await store.append(Array.from({ length: 5 }, () => send({ room })));
    let from: string | undefined = "";
    for (let i = 0; i < 10 && from !== undefined; i++) {
      from = await store.prune({ sentBefore: 0, perRoom: 2 }, from);
    }
    assertEquals((await store.page(room, { limit: 10 })).map(({ pos }) => pos), [4, 5]);
    assertEquals(await inShort(store, ALICE), [`${room} 0/5 2`]);
  },

  "lists no direct room among the rooms": async ({ store }) => {
    const { room } = await store.direct([ALICE, BOB]);
    await store.move("i1", [enter(ALICE, room)]);
    await append(store, send({ room }));
    assertEquals((await store.rooms()).map(({ room }) => room), ["general"]);
    const { heads } = await store.heads([room]);
    assertEquals(heads, [{ room, seq: 1, rev: 1 }]);
  },
};

/** Who holds a name, as it is written. */
const holderContract: Contract = {
  "says who holds a name, in any case, as its holder writes it": async ({ store, other }) => {
    const [straße, odd] = [
      { id: "one000000000", name: "Straße" },
      { id: "odd000000000", name: "it's %_ \uFDD0" },
    ] as const;
    await store.reserve(straße, LONG_MS);
    await other.connect("i1", [ALICE, odd].map((user) => ({ user, keepMs: 0 })));
    assertEquals(await other.holder("STRASSE"), straße);
    assertEquals(await store.holder("aLICE"), ALICE);
    assertEquals(await store.holder(odd.name.toUpperCase()), odd);
    assertEquals(await store.holder("Bob"), undefined);
    await store.connect("i1", [{ user: { ...ALICE, name: "ALICE" }, keepMs: 0 }]);
    assertEquals((await other.holder("alice"))?.name, "ALICE");
    await store.reserve({ ...ALICE, name: "alicE" }, LONG_MS);
    assertEquals((await other.holder("alice"))?.name, "alicE");
  },

  "says who holds a name as long as it is kept, and of an earlier one nothing": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }, { user: BOB, keepMs: 0 }]);
    await store.disconnect("i1", [ALICE.id, BOB.id]);
    assertEquals(await other.holder("alice"), ALICE);
    assertEquals(await other.holder("bob"), undefined);
    await store.release(ALICE.id);
    assertEquals(await other.holder("alice"), undefined);
    await store.reserve(ALICE, LONG_MS);
    await store.reserve({ ...ALICE, name: "Alison" }, SHORT_MS);
    assertEquals(await other.holder("alice"), undefined);
    await untilShortIsOver();
    assertEquals(await other.holder("alison"), undefined);
    const rival = { id: "rival0000000", name: "alicE" };
    await other.reserve(rival, LONG_MS);
    await store.reserve(ALICE, LONG_MS);
    assertEquals(await store.holder("Alice"), rival);
  },
};

/** Who of some people hold a name. */
const holdersContract: Contract = {
  "says who of some people hold a name, each once and as they write it": async (
    { store, other },
  ) => {
    const odd = { id: "odd000000000", name: "it's %_ \uFDD0" };
    const holders = async (...ids: string[]) =>
      (await other.holders(ids)).toSorted((a, b) => a.id < b.id ? -1 : 1);
    assertEquals(await holders(), []);
    await store.reserve(ALICE, LONG_MS);
    await store.connect("i1", [BOB, odd].map((user) => ({ user, keepMs: 0 })));
    const asked = [odd.id, ALICE.id, CAROL.id, odd.id, "", "it's"];
    assertEquals(await holders(...asked), [ALICE, odd]);
    await store.connect("i1", [{ user: { ...ALICE, name: "ALICE" }, keepMs: 0 }]);
    assertEquals(await holders(ALICE.id), [{ ...ALICE, name: "ALICE" }]);
  },

  "says of nobody that they hold a name that is free or somebody else's": async (
    { store, other },
  ) => {
    const rival = { id: "rival0000000", name: "alice" };
    await store.reserve(ALICE, SHORT_MS);
    await store.connect("i1", [{ user: BOB, keepMs: LONG_MS }, { user: CAROL, keepMs: 0 }]);
    await store.disconnect("i1", [BOB.id, CAROL.id]);
    await untilShortIsOver();
    assertEquals(await other.holders([ALICE.id, BOB.id, CAROL.id]), [BOB]);
    await store.reserve(rival, LONG_MS);
    assertEquals(await other.holders([ALICE.id, rival.id]), [rival]);
  },

  "says who of very many people hold a name": async ({ store }) => {
    const people = Array.from(
      { length: 200 },
      (_, i) => ({ id: `p${String(i).padStart(11, "0")}`, name: `P${i}` }),
    );
    await store.connect("i1", people.map((user) => ({ user, keepMs: 0 })));
    const nobody = Array.from({ length: 1_800 }, (_, i) => `n${String(i).padStart(11, "0")}`);
    const found = await store.holders([...nobody, ...people.map(({ id }) => id)]);
    assertEquals(found.toSorted((a, b) => a.id < b.id ? -1 : 1), people);
  },
};

/** The newest message of a room, as it is told in lists. */
const newestContract: Contract = {
  "tells the newest message of a room that was not deleted": async ({ store, other }) => {
    await store.move("i1", [enter(ALICE)]);
    assertEquals(await newestIn(store), undefined);
    const drafts = ["first", "second", "third"].map((text, i) =>
      send({ user_id: BOB.id, username: "Bob", text, time: 1000 + i })
    );
    await store.append(drafts);
    const told = { user_id: BOB.id, username: "Bob", text: "third", time: 1002 };
    assertEquals(await newestIn(other), told);
    await store.append([remove(drafts[2]!.id), edit(drafts[1]!.id, "2nd")]);
    assertEquals(await newestIn(other), { ...told, text: "2nd", time: 1001 });
    await store.append([remove(drafts[0]!.id), remove(drafts[1]!.id)]);
    assertEquals(await newestIn(other), undefined);
    await append(store, send({ room: "tea" }));
    assertEquals(await newestIn(other), undefined);
  },

  "finds the newest message before many that were deleted": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    const drafts = Array.from({ length: 400 }, (_, i) => send({ text: `${i}` }));
    await store.append(drafts);
    await store.append(drafts.slice(1).map(({ id }) => remove(id)));
    assertEquals((await newestIn(store))?.text, "0");
  },

  "tells the first 140 characters of the newest message, whatever they are": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    const texts: [text: string, told: string][] = [
      ["a".repeat(140), "a".repeat(140)],
      ["a".repeat(141), "a".repeat(140)],
      ["👋".repeat(200), "👋".repeat(140)],
      [`"\\\n${"界".repeat(300)}`, `"\\\n${"界".repeat(137)}`],
      ["\uFDD0".repeat(300), "\uFDD0".repeat(140)],
      [`${"\0".repeat(139)}👋👋`, `${"\0".repeat(139)}👋`],
    ];
    for (const [text, told] of texts) {
      await append(store, send({ text, username: `B"\uFDD0b` }));
      const newest = await newestIn(store);
      assertEquals([newest?.text, newest?.username], [told, `B"\uFDD0b`]);
    }
  },

  "tells the newest message to who has read it, and its author": async ({ store }) => {
    const { room } = await store.direct([ALICE, BOB]);
    await append(store, send({ room, user_id: ALICE.id, text: "hello" }));
    await store.mark([{ userId: BOB.id, room, seq: 1 }]);
    for (const standing of await store.standingsIn(room, [ALICE, BOB])) {
      assertMatch(standing.newest?.text ?? "", /^hello$/);
    }
  },
};

/** Rooms of two people, who holds a name, and the newest lines of rooms. */
export const directContracts: readonly Contract[] = [
  directContract,
  holderContract,
  holdersContract,
  newestContract,
];
