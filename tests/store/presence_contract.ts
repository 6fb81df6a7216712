import { assertEquals } from "@std/assert";
import type { Contract } from "./contract.ts";
import { append, send } from "./drafts.ts";
import { ALICE, BOB, CAROL, enter, leave, user } from "./people.ts";

/** Who is in which room. */
export const presenceContract: Contract = {
  "numbers the moves of each room from 1": async ({ store }) => {
    const moved = await store.move("i1", [
      enter(ALICE),
      enter(BOB),
      enter(ALICE, "tea"),
      leave(ALICE),
    ]);
    assertEquals(moved, [
      { ...enter(ALICE), rev: 1 },
      { ...enter(BOB), rev: 2 },
      { ...enter(ALICE, "tea"), rev: 1 },
      { ...leave(ALICE), rev: 3 },
    ]);
    assertEquals(await store.move("i1", []), []);
  },

  "numbers moves apart from changes": async ({ store }) => {
    await append(store, send());
    await store.move("i1", [enter(ALICE)]);
    await append(store, send());
    const { heads } = await store.heads(["general"]);
    assertEquals(heads, [{ room: "general", seq: 2, rev: 1 }]);
  },

  "tells of a person who comes with the first instance and goes with the last": async (
    { store, other },
  ) => {
    assertEquals(await store.move("i1", [enter(ALICE)]), [{ ...enter(ALICE), rev: 1 }]);
    assertEquals(await other.move("i2", [enter(ALICE)]), [undefined]);
    assertEquals(await store.move("i1", [leave(ALICE)]), [undefined]);
    assertEquals((await store.people("general")).users, [ALICE]);
    assertEquals(await other.move("i2", [leave(ALICE)]), [{ ...leave(ALICE), rev: 2 }]);
  },

  "tells of nobody who is there already, or was not": async ({ store }) => {
    await store.move("i1", [enter(ALICE)]);
    const moves = [enter(ALICE), leave(BOB), leave(ALICE, "tea")];
    assertEquals(await store.move("i1", moves), [undefined, undefined, undefined]);
    assertEquals(await store.move("i2", [leave(ALICE)]), [undefined]);
    assertEquals(await store.people("general"), { rev: 1, users: [ALICE] });
  },

  "lists each person once, in the order in which they came": async ({ store, other }) => {
    await store.move("i1", [enter(CAROL), enter(ALICE)]);
    await other.move("i2", [enter(BOB), enter(CAROL)]);
    assertEquals((await other.people("general")).users, [CAROL, ALICE, BOB]);
    await store.move("i1", [leave(CAROL), leave(ALICE), enter(ALICE)]);
    assertEquals(await other.people("general"), { rev: 5, users: [CAROL, BOB, ALICE] });
  },

  "lists nobody in a room where nobody ever was": async ({ store }) => {
    assertEquals(await store.people("tea"), { rev: 0, users: [] });
  },

  "tells of one of many who race into a room as the same person": async ({ store, other }) => {
    const racing = Array.from(
      { length: 20 },
      (_, i) => [store, other][i % 2]!.move(`i${i}`, [enter(ALICE)]),
    );
    const seen = (await Promise.all(racing)).flat().filter((move) => move !== undefined);
    assertEquals(seen, [{ ...enter(ALICE), rev: 1 }]);
  },

  "numbers people who come at once without holes": async ({ store, other }) => {
    const racing = Array.from(
      { length: 40 },
      (_, i) => [store, other][i % 2]!.move(`i${i % 2}`, [enter(user(`user${i}`))]),
    );
    const revs = (await Promise.all(racing)).flat().map((move) => move?.rev ?? 0);
    assertEquals(revs.toSorted((a, b) => a - b), Array.from({ length: 40 }, (_, i) => i + 1));
    assertEquals((await store.people("general")).users.length, 40);
  },

  "leaves it to moves who is in a room, whoever is connected": async ({ store }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE), enter(BOB)]);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await store.people("general"), { rev: 2, users: [ALICE, BOB] });
  },
};
