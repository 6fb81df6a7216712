import { assertEquals } from "@std/assert";
import type { Standing, Store } from "../../lib/store/store.ts";
import type { User } from "../../lib/model/user.ts";
import type { Contract } from "./contract.ts";
import { append, edit, react, remove, send } from "./drafts.ts";
import { ALICE, BOB, CAROL, enter, leave, LONG_MS, SHORT_MS, untilShortIsOver } from "./people.ts";

/** Messages of Bob's. */
function fromBob(...texts: string[]) {
  return texts.map((text) => send({ user_id: BOB.id, username: "Bob", text }));
}

/** What a person has in front of them, in short. */
async function inShort(store: Store, user: User): Promise<string[]> {
  const standings = await store.standings(user);
  return standings.map(({ room, read, seq, unread }) => `${room} ${read}/${seq} ${unread}`);
}

async function inGeneral(store: Store, user: User): Promise<Standing | undefined> {
  const [standing] = await store.standingsIn("general", [user]);
  return standing;
}

/** Texts that Bob writes, and how many of them name Alice. */
const MENTIONS: Readonly<Record<string, [texts: string[], mentions: number]>> = {
  "her name": [["hello @Alice"], 1],
  "her name in another case": [["@ALICE and @alice"], 1],
  "each message once": [["@Alice @Alice", "@Alice"], 2],
  "no name without the sign": [["Alice"], 0],
  "no longer name": [["@Alicea", "@Alice_2"], 0],
  "no address": [["mail@alice.example"], 0],
  "no other name": [["@Bob"], 0],
};

/** People's rooms, and how far they have read. */
export const standingContract: Contract = {
  "makes a room a person's when they enter it, read up to its head": async ({ store, other }) => {
    await store.append([send(), send({ room: "tea" }), send({ room: "tea" })]);
    assertEquals(await inShort(store, ALICE), []);
    await store.move("i1", [enter(ALICE, "tea"), enter(ALICE), enter(ALICE, "new"), enter(BOB)]);
    assertEquals(await inShort(other, ALICE), ["general 1/1 0", "new 0/0 0", "tea 2/2 0"]);
    assertEquals(await inShort(other, BOB), ["general 1/1 0"]);
  },

  "keeps a person's rooms when they go, and how far they have read": async ({ store, other }) => {
    await store.move("i1", [enter(ALICE)]);
    await store.append(fromBob("1", "2"));
    await store.mark([{ userId: ALICE.id, room: "general", seq: 1 }]);
    await store.move("i1", [leave(ALICE)]);
    assertEquals(await inShort(store, ALICE), ["general 1/2 1"]);
    await other.move("i2", [enter(ALICE)]);
    await other.move("i2", [enter(ALICE)]);
    assertEquals(await inShort(other, ALICE), ["general 1/2 1"]);
  },

  "takes a room off a person's when they have left it, and makes it theirs anew": async (
    { store, other },
  ) => {
    await store.move("i1", [enter(ALICE), enter(ALICE, "tea"), enter(BOB)]);
    await store.append(fromBob("1", "2"));
    await store.move("i1", [leave(ALICE)]);
    await store.withdraw(ALICE.id, "general");
    assertEquals(await inShort(other, ALICE), ["tea 0/0 0"]);
    assertEquals(await inShort(other, BOB), ["general 0/2 0"]);
    await other.move("i2", [enter(ALICE)]);
    assertEquals(await inShort(store, ALICE), ["general 2/2 0", "tea 0/0 0"]);
  },

  "keeps a room a person's who is in it elsewhere when they leave it": async ({ store, other }) => {
    await store.move("i1", [enter(ALICE)]);
    await other.move("i2", [enter(ALICE)]);
    await store.move("i1", [leave(ALICE)]);
    await store.withdraw(ALICE.id, "general");
    assertEquals(await inShort(store, ALICE), ["general 0/0 0"]);
    await other.move("i2", [leave(ALICE)]);
    await other.withdraw(ALICE.id, "general");
    assertEquals(await inShort(store, ALICE), []);
  },

  "takes no room off anybody that is not theirs": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    await store.withdraw(ALICE.id, "tea");
    await store.withdraw(BOB.id, "general");
    assertEquals(await inShort(store, ALICE), ["general 0/0 0"]);
  },

  "lets a mark rise, and neither fall nor pass the head": async ({ store, other }) => {
    await store.move("i1", [enter(ALICE)]);
    await store.append(fromBob("1", "2", "3"));
    const marks: [seq: number, read: number][] = [[2, 2], [1, 2], [0, 2], [99, 3], [2, 3]];
    for (const [i, [seq, read]] of marks.entries()) {
      await [store, other][i % 2]!.mark([{ userId: ALICE.id, room: "general", seq }]);
      assertEquals((await inGeneral(store, ALICE))?.read, read, `marked at ${seq}`);
    }
    await store.append(fromBob("4"));
    assertEquals(await inShort(other, ALICE), ["general 3/4 1"]);
  },

  "notes many marks at once, and none in a room that is not a person's": async ({ store }) => {
    await store.append([...fromBob("1", "2"), send({ room: "tea" })]);
    await store.move("i1", [enter(ALICE, "tea"), enter(BOB)]);
    await store.append([send(), send({ room: "tea", user_id: BOB.id })]);
    await store.mark([
      { userId: ALICE.id, room: "tea", seq: 2 },
      { userId: ALICE.id, room: "general", seq: 1 },
      { userId: ALICE.id, room: "never", seq: 1 },
      { userId: BOB.id, room: "general", seq: 3 },
    ]);
    assertEquals(await inShort(store, ALICE), ["tea 2/2 0"]);
    assertEquals(await inShort(store, BOB), ["general 3/3 0"]);
    await store.mark([]);
  },

  "counts as unread the messages of others that were not deleted": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    const [kept, edited, deleted] = fromBob("kept", "tpyo", "gone");
    const own = send({ user_id: ALICE.id });
    await store.append([kept!, edited!, deleted!, own]);
    assertEquals(await inShort(store, ALICE), ["general 0/4 3"]);
    await store.append([edit(edited!.id, "typo"), remove(deleted!.id), react(own.id, "👍")]);
    assertEquals(await inShort(store, ALICE), ["general 0/7 2"]);
    // What was read stays read, whatever becomes of it.
    await store.mark([{ userId: ALICE.id, room: "general", seq: 7 }]);
    await store.append([edit(kept!.id, "kept again")]);
    assertEquals(await inShort(store, ALICE), ["general 7/8 0"]);
  },

  "counts at most 100 unread messages": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    const texts = Array.from({ length: 130 }, (_, i) => `${i} @Alice`);
    await store.append(fromBob(...texts));
    const standing = await inGeneral(store, ALICE);
    assertEquals([standing?.unread, standing?.mentions], [100, 100]);
    await store.mark([{ userId: ALICE.id, room: "general", seq: 31 }]);
    assertEquals((await inGeneral(store, ALICE))?.unread, 99);
  },

  ...Object.fromEntries(
    Object.entries(MENTIONS).map(([name, [texts, mentions]]): [string, Contract[string]] => [
      `counts who is named in what is unread: ${name}`,
      async ({ store }) => {
        await store.move("i1", [enter(ALICE)]);
        await store.append([
          send({ user_id: ALICE.id, text: "I am @Alice" }),
          ...fromBob(...texts),
        ]);
        const standing = await inGeneral(store, ALICE);
        assertEquals([standing?.unread, standing?.mentions], [texts.length, mentions]);
        await store.mark([{ userId: ALICE.id, room: "general", seq: 99 }]);
        assertEquals((await inGeneral(store, ALICE))?.mentions, 0);
      },
    ]),
  ),

  "says how far some people have come in one room, without those whose room it is not": async (
    { store, other },
  ) => {
    await store.move("i1", [enter(ALICE), enter(BOB), enter(CAROL, "tea")]);
    const said = { user_id: BOB.id, username: "Bob", text: "for @carol and @alice", time: 1 };
    await append(store, send(said));
    const general = { room: "general", seq: 1, read: 0, newest: said };
    assertEquals(await other.standingsIn("general", [BOB, CAROL, ALICE]), [
      { ...general, userId: BOB.id, unread: 0, mentions: 0 },
      { ...general, userId: ALICE.id, unread: 1, mentions: 1 },
    ]);
    assertEquals(await other.standingsIn("never", [ALICE]), []);
    assertEquals(await other.standingsIn("general", []), []);
  },

  "forgets the rooms of a person whose name is not kept, and of nobody else": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }, { user: BOB, keepMs: LONG_MS }]);
    await store.move("i1", [enter(ALICE), enter(BOB)]);
    await store.move("i1", [leave(ALICE), leave(BOB)]);
    assertEquals(await inShort(other, ALICE), ["general 0/0 0"]);
    await store.disconnect("i1", [ALICE.id, BOB.id]);
    assertEquals(await inShort(other, ALICE), []);
    assertEquals(await inShort(other, BOB), ["general 0/0 0"]);
  },

  "forgets the rooms of a guest only with the last instance": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await other.connect("i2", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE)]);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await inShort(store, ALICE), ["general 0/0 0"]);
    await other.disconnect("i2", [ALICE.id]);
    assertEquals(await inShort(store, ALICE), []);
  },

  "forgets the rooms of a guest with the instance that they were at": async ({ store, other }) => {
    const beat = (instance: string, leaseMs: number) =>
      other.beat({ instance, leaseMs, rooms: [] });
    await beat("i1", SHORT_MS);
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }, { user: BOB, keepMs: LONG_MS }]);
    await store.move("i1", [enter(ALICE), enter(BOB)]);
    await untilShortIsOver();
    await beat("i2", LONG_MS);
    assertEquals(await inShort(store, ALICE), []);
    assertEquals(await inShort(store, BOB), ["general 0/0 0"]);
  },
};
