import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Store } from "../../lib/store/store.ts";
import type { User } from "../../lib/model/user.ts";
import type { Contract } from "./contract.ts";
import { edit, remove, send } from "./drafts.ts";
import { ALICE, BOB, CAROL, enter, leave, LONG_MS, SHORT_MS, untilShortIsOver } from "./people.ts";

/** What a person has in front of them, in short. */
async function inShort(store: Store, user: User): Promise<string[]> {
  const standings = await store.standings(user);
  return standings.map(({ room, read, seq, unread }) => `${room} ${read}/${seq} ${unread}`);
}

/** What stands beside the name of a room in a list. */
async function line(store: Store, room: string): Promise<string | undefined> {
  const rooms = await store.rooms();
  return rooms.find((summary) => summary.room === room)?.newest?.text;
}

/** Rooms of two people, who holds a name, and what was last said. */
export const directContract: Contract = {
  "makes one room of two people, whoever of them asks first, and at once": async (
    { store, other },
  ) => {
    const made = await Promise.all([
      store.direct([ALICE, BOB]),
      other.direct([BOB, ALICE]),
      other.direct([ALICE, BOB]),
    ]);
    const [{ room }] = made;
    assertMatch(room, /^~[0-9A-HJKMNP-TV-Z]{26}$/);
    for (const direct of made) assertEquals(direct, { room, users: [BOB, ALICE] });
    assertEquals(await other.directOf(room), { room, users: [BOB, ALICE] });
    assertEquals(await store.directOf("~01ARZ3NDEKTSV4RRFFQ69G5FAV"), undefined);
  },

  "tells everyone their direct rooms, and nobody those of others": async ({ store, other }) => {
    const rooms = [
      (await store.direct([ALICE, BOB])).room,
      (await store.direct([CAROL, ALICE])).room,
    ];
    assertEquals((await other.directs(ALICE.id)).map(({ room }) => room), rooms.toSorted());
    assertEquals(await other.directs(BOB.id), [{ room: rooms[0]!, users: [BOB, ALICE] }]);
    assertEquals(await store.directs("nobody000000"), []);
    assertEquals((await store.rooms()).map(({ room }) => room), ["general"]);
  },

  "makes a direct room one of both, also if they have not been in it yet": async (
    { store, other },
  ) => {
    const { room } = await store.direct([ALICE, BOB]);
    await store.append([send({ room, user_id: ALICE.id, username: "Alice" })]);
    assertEquals(await inShort(other, BOB), [`${room} 0/1 1`]);
    assertEquals((await other.standingsIn(room, [BOB, CAROL])).map(({ userId }) => userId), [
      BOB.id,
    ]);
    // Asked for once more, nobody has read anything by it.
    await other.direct([BOB, ALICE]);
    assertEquals(await inShort(store, BOB), [`${room} 0/1 1`]);
    await store.move("i1", [enter(BOB, room), leave(BOB, room)]);
    assertEquals(await inShort(store, BOB), [`${room} 0/1 1`]);
  },

  "keeps any name that the two may have": async ({ store, other }) => {
    const odd = { id: "odd000000000", name: "Zoë ‮ \uFDD0 👩‍👩‍👧" };
    const { room } = await store.direct([odd, ALICE]);
    assertEquals((await other.directOf(room))?.users, [ALICE, odd]);
  },

  "knows who holds a name, in any case": async ({ store, other }) => {
    assertEquals(await store.holder("Alice"), undefined);
    await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]);
    await store.reserve(BOB, LONG_MS);
    await store.reserve(CAROL, SHORT_MS);
    await untilShortIsOver();
    assertEquals(await other.holder("ALICE"), { id: ALICE.id, name: "ALICE" });
    assertEquals((await other.holder("bob"))?.id, BOB.id);
    assertEquals(await other.holder("Carol"), undefined);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals((await other.holder("alice"))?.id, ALICE.id);
    await store.release(ALICE.id);
    assertEquals(await other.holder("Alice"), undefined);
  },

  "tells what was last said in each room, as it now is": async ({ store, other }) => {
    assertEquals(await line(store, "general"), undefined);
    const [one, two] = [send({ text: "one", time: 1 }), send({ text: "two", time: 2 })];
    await store.append([one, two]);
    const [general] = await other.rooms();
    const { user_id, username } = two;
    assertEquals(general!.newest, { user_id, username, text: "two", time: 2 });
    await store.append([edit(two.id, "2")]);
    assertEquals(await line(other, "general"), "2");
    await store.append([remove(two.id)]);
    assertEquals(await line(other, "general"), "one");
    await store.append([remove(one.id)]);
    const [empty] = await other.rooms();
    assert(!("newest" in empty!), "nothing is left that can be seen");
  },

  "tells the beginning of a long text, by whole characters": async ({ store }) => {
    await store.append([send({ text: "👍\0".repeat(200) })]);
    assertEquals(await line(store, "general"), "👍\0".repeat(70));
  },

  "tells people what was last said in rooms of theirs": async ({ store, other }) => {
    const { room } = await store.direct([ALICE, BOB]);
    const [empty] = await store.standings(BOB);
    assert(!("newest" in empty!));
    await store.append([
      send({ room, user_id: ALICE.id, username: "Alice", text: "psst", time: 5 }),
    ]);
    const newest = { user_id: ALICE.id, username: "Alice", text: "psst", time: 5 };
    const [standing] = await other.standings(BOB);
    assertEquals(standing!.newest, newest);
    assertEquals((await other.standingsIn(room, [BOB]))[0]!.newest, newest);
  },
};
