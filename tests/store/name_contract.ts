import { assertEquals } from "@std/assert";
import type { User } from "../../lib/model/user.ts";
import type { Store } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { ALICE, BOB, LONG_MS, SHORT_MS, untilShortIsOver } from "./people.ts";

/** Somebody else who asks for Alice's name, written in another way. */
const RIVAL: User = { id: "rival0000000", name: "ALICE" };

/** Whether Alice's name is free for somebody else; nothing is changed if it is. */
async function isFree(store: Store): Promise<boolean> {
  const free = await store.reserve(RIVAL, LONG_MS);
  if (free) await store.release(RIVAL.id);
  return free;
}

async function connect(store: Store, user: User, keepMs = LONG_MS, instance = "i1") {
  const [held] = await store.connect(instance, [{ user, keepMs }]);
  return held;
}

/** Who holds a name, and for how long. */
export const nameContract: Contract = {
  "holds a name for one person, without regard to case": async ({ store, other }) => {
    assertEquals(await store.reserve(ALICE, LONG_MS), true);
    assertEquals(await other.reserve(RIVAL, LONG_MS), false);
    assertEquals(await connect(other, RIVAL), false);
    assertEquals(await other.reserve(ALICE, LONG_MS), true);
  },

  "tells names apart that differ in more than case": async ({ store }) => {
    const names = ["Straße", "Ångström", "Angström", "Ωmega", "A%", "A_", "A", "'--", "日本"];
    const users = names.map((name, i) => ({ id: `user${i}`, name }));
    for (const user of users) assertEquals(await store.reserve(user, LONG_MS), true);
    for (const name of ["STRASSE", "ångström", "ωMEGA", "a%", "a_"]) {
      assertEquals(await store.reserve({ id: "rival0000000", name }, LONG_MS), false, name);
    }
  },

  "gives a name to one of many who race for it": async ({ store, other }) => {
    const racing = Array.from({ length: 20 }, (_, i) => {
      const rival = { id: `rival${i}`, name: "Alice" };
      const handle = [store, other][i % 2]!;
      return i % 3 ? handle.reserve(rival, LONG_MS) : connect(handle, rival);
    });
    assertEquals((await Promise.all(racing)).filter(Boolean).length, 1);
  },

  "holds a reserved name as long as was asked": async ({ store }) => {
    await store.reserve(ALICE, SHORT_MS);
    await untilShortIsOver();
    assertEquals(await isFree(store), true);
  },

  "does not shorten how long a name is kept when it is reserved again": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    await store.reserve(ALICE, SHORT_MS);
    await untilShortIsOver();
    assertEquals(await isFree(store), false);
  },

  "frees an earlier name of the person who reserves another": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    await store.reserve({ ...ALICE, name: "Alison" }, LONG_MS);
    assertEquals(await isFree(store), true);
  },

  "changes nothing when somebody else holds the name": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    await store.reserve(BOB, LONG_MS);
    assertEquals(await store.reserve({ ...BOB, name: "Alice" }, LONG_MS), false);
    assertEquals(await connect(store, { ...BOB, name: "Alice" }), false);
    assertEquals(await store.reserve({ id: "rival0000000", name: "Bob" }, LONG_MS), false);
    assertEquals(await isFree(store), false);
  },

  "lets who reserved a name connect under it": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    assertEquals(await connect(store, ALICE), true);
  },

  "answers claim by claim": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    const claims = [RIVAL, BOB, ALICE, { id: "second000000", name: "bob" }]
      .map((user) => ({ user, keepMs: LONG_MS }));
    assertEquals(await store.connect("i1", claims), [false, true, true, false]);
    assertEquals(await store.connect("i1", []), []);
  },

  "holds the name of who is connected, however short it is kept": async ({ store }) => {
    await connect(store, ALICE, 0);
    await untilShortIsOver();
    assertEquals(await isFree(store), false);
  },

  "keeps a name after the last connection as long as was claimed": async ({ store }) => {
    await connect(store, ALICE, LONG_MS);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), false);
    await connect(store, BOB, SHORT_MS);
    await store.disconnect("i1", [BOB.id]);
    await untilShortIsOver();
    assertEquals(await store.reserve({ id: "rival0000000", name: "Bob" }, LONG_MS), true);
  },

  "frees a name that is kept for 0 ms with the last connection": async ({ store }) => {
    await store.reserve(ALICE, LONG_MS);
    await connect(store, ALICE, 0, "i1");
    await connect(store, ALICE, 0, "i2");
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), false);
    await store.disconnect("i2", [ALICE.id]);
    assertEquals(await isFree(store), true);
  },

  "keeps a name for the longest that was claimed while its holder was connected": async (
    { store },
  ) => {
    await connect(store, ALICE, LONG_MS, "i1");
    await connect(store, ALICE, 0, "i2");
    await store.disconnect("i1", [ALICE.id]);
    await store.disconnect("i2", [ALICE.id]);
    assertEquals(await isFree(store), false);
    await connect(store, ALICE, 0, "i1");
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), true);
  },

  "counts a person once an instance, however often they connect there": async ({ store }) => {
    await connect(store, ALICE, 0);
    await connect(store, ALICE, 0);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), true);
  },

  "does nothing for who was not connected": async ({ store }) => {
    await connect(store, ALICE, 0, "i1");
    await store.disconnect("i2", [ALICE.id, BOB.id]);
    await store.disconnect("never-seen", [ALICE.id]);
    assertEquals(await isFree(store), false);
  },

  "gives a name back to its holder after it was free": async ({ store }) => {
    await connect(store, ALICE, 0);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await connect(store, ALICE, LONG_MS), true);
    assertEquals(await isFree(store), false);
  },

  "refuses a holder whose name went to somebody else meanwhile": async ({ store }) => {
    await connect(store, ALICE, 0);
    await store.disconnect("i1", [ALICE.id]);
    await store.reserve(RIVAL, LONG_MS);
    assertEquals(await connect(store, ALICE), false);
    assertEquals(await store.reserve(ALICE, LONG_MS), false);
  },

  "frees an earlier name of the person who connects under another": async ({ store }) => {
    await connect(store, ALICE);
    await connect(store, { ...ALICE, name: "Alison" });
    assertEquals(await isFree(store), true);
    assertEquals(await connect(store, { id: "rival0000000", name: "alison" }), false);
  },

  "holds the name that somebody connected reserves": async ({ store }) => {
    await connect(store, ALICE, LONG_MS);
    await store.reserve({ ...ALICE, name: "Alison" }, SHORT_MS);
    await untilShortIsOver();
    assertEquals(await store.reserve({ id: "rival0000000", name: "Alison" }, LONG_MS), false);
    await store.disconnect("i1", [ALICE.id]);
    await untilShortIsOver();
    assertEquals(await store.reserve({ id: "rival0000000", name: "Alison" }, LONG_MS), false);
  },

  "frees the name of who signed out": async ({ store, other }) => {
    await store.reserve(ALICE, LONG_MS);
    await other.release(ALICE.id);
    assertEquals(await isFree(store), true);
    await connect(store, BOB);
    await store.disconnect("i1", [BOB.id]);
    await store.release(BOB.id);
    assertEquals(await store.reserve({ id: "rival0000000", name: "Bob" }, LONG_MS), true);
  },

  "frees the name of who signed out while connected with their last connection": async (
    { store },
  ) => {
    await connect(store, ALICE, LONG_MS, "i1");
    await connect(store, ALICE, LONG_MS, "i2");
    await store.release(ALICE.id);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), false);
    await store.disconnect("i2", [ALICE.id]);
    assertEquals(await isFree(store), true);
  },

  "keeps the name of who signed out and claimed it anew": async ({ store }) => {
    await connect(store, ALICE);
    await store.release(ALICE.id);
    await connect(store, ALICE);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store), false);
  },

  "frees no name of who is connected, nor anyone else's": async ({ store }) => {
    await connect(store, ALICE);
    await store.reserve(BOB, LONG_MS);
    await store.release(ALICE.id);
    await store.release("nobody");
    assertEquals(await isFree(store), false);
    assertEquals(await store.reserve({ id: "rival0000000", name: "Bob" }, LONG_MS), false);
  },
};
