import { assertEquals } from "@std/assert";
import { MAX_REMOVED, type Pulse, type Store } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { append, send } from "./drafts.ts";
import {
  ALICE,
  BOB,
  CAROL,
  enter,
  leave,
  LONG_MS,
  SHORT_MS,
  untilShortIsOver,
  user,
} from "./people.ts";

function beat(store: Store, instance: string, leaseMs = LONG_MS): Promise<Pulse> {
  return store.beat({ instance, leaseMs, rooms: [] });
}

/** Lets the lease of an instance run out. */
async function lapse(store: Store, instance: string): Promise<void> {
  await store.expire(instance, SHORT_MS);
  await untilShortIsOver();
}

async function isFree(store: Store, name: string): Promise<boolean> {
  return await store.reserve({ id: "rival0000000", name }, LONG_MS);
}

async function takeOver(store: Store, instance: string): Promise<void> {
  await store.connect(instance, [{ user: ALICE, keepMs: 0, takesOver: true }]);
}

/** Brings more people into `general` at an instance than one beat removes; answers how many. */
async function crowd(store: Store, instance: string): Promise<number> {
  const people = Array.from({ length: MAX_REMOVED + 10 }, (_, i) => user(`Guest${i}`));
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map((i) => {
      const some = people.slice(i * 1000, (i + 1) * 1000);
      return store.move(instance, some.map((one) => enter(one)));
    }),
  );
  return people.length;
}

/** The leases of instances, and what goes with one that ran out. */
export const leaseContract: Contract = {
  "answers a beat with the epoch and where rooms stand": async ({ store }) => {
    await append(store, send());
    await store.move("i1", [enter(ALICE)]);
    const { epoch } = await store.heads([]);
    const pulse = await store.beat({ instance: "i1", leaseMs: LONG_MS, rooms: ["tea", "general"] });
    assertEquals(pulse, {
      epoch,
      heads: [{ room: "tea", seq: 0, rev: 0 }, { room: "general", seq: 1, rev: 1 }],
      held: false,
      gone: [],
      more: false,
      takenOver: [],
    });
  },

  "renews a lease that holds": async ({ store, other }) => {
    await beat(store, "i1");
    assertEquals((await beat(other, "i1")).held, true);
    assertEquals((await beat(other, "i2")).held, false);
  },

  "keeps what an instance told before its first beat": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE)]);
    await store.move("i2", [enter(BOB)]);
    assertEquals((await beat(other, "i3")).gone, []);
    const pulse = await beat(store, "i1");
    assertEquals([pulse.held, pulse.gone], [false, []]);
    assertEquals((await store.people("general")).users, [ALICE, BOB]);
    assertEquals(await isFree(store, "Alice"), false);
  },

  "removes the people of an instance whose lease ran out, and tells the one that finds it": async (
    { store, other },
  ) => {
    await beat(store, "i1");
    await beat(other, "i2");
    await store.move("i1", [enter(ALICE), enter(BOB), enter(ALICE, "tea")]);
    await other.move("i2", [enter(BOB), enter(CAROL)]);
    await lapse(store, "i1");
    assertEquals((await other.people("general")).users, [ALICE, BOB, CAROL]);
    assertEquals((await beat(other, "i2")).gone, [
      { ...leave(ALICE), rev: 4 },
      { ...leave(ALICE, "tea"), rev: 2 },
    ]);
    assertEquals(await other.people("general"), { rev: 4, users: [BOB, CAROL] });
    assertEquals((await beat(other, "i2")).gone, []);
    assertEquals((await beat(store, "i1")).held, false);
  },

  "removes several instances at once, and tells of a person once": async ({ store }) => {
    for (const instance of ["i1", "i2", "i3"]) await store.move(instance, [enter(ALICE)]);
    for (const instance of ["i1", "i2", "i3"]) await store.expire(instance, SHORT_MS);
    await untilShortIsOver();
    assertEquals((await beat(store, "i4")).gone, [{ ...leave(ALICE), rev: 2 }]);
  },

  "removes an instance with many people by several beats, and tells of each person once": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    const count = await crowd(store, "i1");
    await lapse(store, "i1");
    const first = await beat(other, "i2");
    assertEquals([first.gone.length, first.more], [MAX_REMOVED, true]);
    assertEquals((await other.people("general")).users.length, count - MAX_REMOVED);
    assertEquals(await isFree(other, "Alice"), false);
    const second = await beat(other, "i2");
    assertEquals([second.gone.length, second.more], [count - MAX_REMOVED, false]);
    const gone = [...first.gone, ...second.gone];
    assertEquals(gone.map(({ rev }) => rev), Array.from(gone, (_, i) => count + 1 + i));
    assertEquals(new Set(gone.map(({ user }) => user.id)).size, count);
    assertEquals(await other.people("general"), { rev: 2 * count, users: [] });
    assertEquals(await isFree(other, "Alice"), true);
    const third = await beat(other, "i2");
    assertEquals([third.held, third.gone, third.more], [true, [], false]);
  },

  "lets an instance that comes back half removed claim and enter again once the rest is gone":
    async ({ store, other }) => {
      await beat(store, "i1");
      const count = await crowd(store, "i1");
      await other.move("i2", [enter(user("Guest0"))]);
      await lapse(store, "i1");
      const first = await beat(other, "i2");
      assertEquals(first.more, true);
      // Told before it knows.
      await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]);
      const [entered] = await store.move("i1", [enter(ALICE)]);
      const pulse = await beat(store, "i1");
      assertEquals([pulse.held, pulse.more], [false, false]);
      assertEquals(pulse.gone.at(-1), { ...leave(ALICE), rev: 2 * count + 1 });
      assertEquals(entered?.rev, count + first.gone.length + 1);
      assertEquals((await other.people("general")).users, [user("Guest0")]);
      assertEquals(await isFree(other, "Alice"), false);
      assertEquals(await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]), [true]);
      assertEquals(await store.move("i1", [enter(ALICE)]), [{
        ...enter(ALICE),
        rev: 2 * count + 2,
      }]);
      const next = await beat(store, "i1");
      assertEquals([next.held, next.gone], [true, []]);
    },

  "does not renew a lease of which something is left": async ({ store, other }) => {
    await beat(store, "i1");
    const count = await crowd(store, "i1");
    await lapse(store, "i1");
    const first = await beat(store, "i1");
    assertEquals([first.held, first.more, first.gone.length], [false, true, MAX_REMOVED]);
    const second = await beat(other, "i2");
    assertEquals([second.more, second.gone.length], [false, count - MAX_REMOVED]);
    assertEquals((await beat(store, "i1")).held, false);
    assertEquals((await beat(store, "i1")).held, true);
  },

  "tells each move of a room to one of the instances that beat at once": async (
    { store, other },
  ) => {
    await store.move("i1", [enter(ALICE), enter(BOB)]);
    await lapse(store, "i1");
    const beats = Array.from(
      { length: 10 },
      (_, i) => beat([store, other][i % 2]!, `beating-${i}`),
    );
    const gone = (await Promise.all(beats)).flatMap(({ gone }) => gone);
    assertEquals(gone, [{ ...leave(ALICE), rev: 3 }, { ...leave(BOB), rev: 4 }]);
  },

  "tells an instance of its own people when its lease has run out": async ({ store }) => {
    await beat(store, "i1", SHORT_MS);
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE)]);
    await untilShortIsOver();
    const pulse = await beat(store, "i1");
    assertEquals([pulse.held, pulse.gone], [false, [{ ...leave(ALICE), rev: 2 }]]);
    assertEquals((await beat(store, "i1")).held, true);
    assertEquals(await isFree(store, "Alice"), true);
  },

  "tells an instance that its rows are gone even if it has told something since": async (
    { store, other },
  ) => {
    await beat(store, "i1", SHORT_MS);
    await store.move("i1", [enter(ALICE)]);
    await untilShortIsOver();
    await beat(other, "i2");
    await store.connect("i1", [{ user: BOB, keepMs: 0 }]);
    await store.move("i1", [enter(BOB)]);
    const pulse = await beat(store, "i1");
    assertEquals([pulse.held, pulse.gone], [false, []]);
    assertEquals((await store.people("general")).users, [BOB]);
    assertEquals(await isFree(store, "Bob"), false);
    assertEquals((await beat(store, "i1")).held, true);
  },

  "lets an instance that lost its lease claim and enter again": async ({ store, other }) => {
    await beat(store, "i1");
    await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]);
    await store.move("i1", [enter(ALICE)]);
    await lapse(store, "i1");
    await beat(other, "i2");
    assertEquals(await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]), [true]);
    assertEquals(await store.move("i1", [enter(ALICE)]), [{ ...enter(ALICE), rev: 3 }]);
  },

  "takes nothing amiss from an instance that was removed": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.move("i1", [enter(ALICE)]);
    await other.connect("i2", [{ user: ALICE, keepMs: 0 }]);
    await other.move("i2", [enter(ALICE)]);
    await lapse(store, "i1");
    await beat(other, "i2");
    assertEquals(await store.move("i1", [leave(ALICE)]), [undefined]);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals((await store.people("general")).users, [ALICE]);
    assertEquals(await isFree(store, "Alice"), false);
  },

  "holds the names of an instance until it is removed": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await lapse(store, "i1");
    assertEquals(await isFree(other, "Alice"), false);
    await beat(other, "i2");
    assertEquals(await isFree(other, "Alice"), true);
  },

  "keeps the names of a removed instance as long as was claimed": async ({ store, other }) => {
    await store.connect("i1", [
      { user: ALICE, keepMs: LONG_MS },
      { user: BOB, keepMs: SHORT_MS },
      { user: CAROL, keepMs: 0 },
    ]);
    await other.connect("i2", [{ user: CAROL, keepMs: 0 }]);
    await lapse(store, "i1");
    await untilShortIsOver();
    await beat(other, "i2");
    assertEquals(await isFree(other, "Alice"), false);
    assertEquals(await isFree(other, "Carol"), false);
    assertEquals(await isFree(other, "Bob"), true);
  },

  "sets how long a lease holds": async ({ store, other }) => {
    await beat(store, "i1", SHORT_MS);
    await store.move("i1", [enter(ALICE)]);
    await store.expire("i1", LONG_MS);
    await untilShortIsOver();
    assertEquals((await beat(other, "i2")).gone, []);
    await store.expire("i1", 0);
    await untilShortIsOver();
    assertEquals((await beat(other, "i2")).gone, [{ ...leave(ALICE), rev: 2 }]);
    await store.expire("never-seen", LONG_MS);
    assertEquals((await beat(store, "never-seen")).held, false);
  },

  "tells an instance once whom another one took over": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }, { user: BOB, keepMs: 0 }]);
    await takeOver(other, "i2");
    assertEquals((await beat(other, "i2")).takenOver, []);
    assertEquals((await beat(store, "i1")).takenOver, [ALICE.id]);
    assertEquals((await beat(store, "i1")).takenOver, []);
  },

  "counts who was taken over until they are disconnected": async ({ store, other }) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await takeOver(other, "i2");
    await other.disconnect("i2", [ALICE.id]);
    assertEquals(await isFree(store, "Alice"), false);
    await store.disconnect("i1", [ALICE.id]);
    assertEquals(await isFree(store, "Alice"), true);
  },

  "tells the older of two instances that take each other over": async ({ store, other }) => {
    await takeOver(store, "i1");
    await takeOver(other, "i2");
    await takeOver(store, "i1");
    assertEquals((await beat(store, "i1")).takenOver, []);
    assertEquals((await beat(other, "i2")).takenOver, [ALICE.id]);
  },

  "still tells whom another one took over when they connect again beside it": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await takeOver(other, "i2");
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    assertEquals((await beat(store, "i1")).takenOver, [ALICE.id]);
  },

  "takes nobody over by a claim that is refused or does not ask for it": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await store.reserve(BOB, LONG_MS);
    await other.connect("i2", [{ user: ALICE, keepMs: 0 }]);
    const claim = { user: { ...ALICE, name: "Bob" }, keepMs: 0, takesOver: true };
    assertEquals(await other.connect("i2", [claim]), [false]);
    assertEquals((await beat(store, "i1")).takenOver, []);
  },

  "tells whom another one took over also when the lease has run out since": async (
    { store, other },
  ) => {
    await store.connect("i1", [{ user: ALICE, keepMs: 0 }]);
    await takeOver(other, "i2");
    await lapse(store, "i1");
    const pulse = await beat(store, "i1");
    assertEquals([pulse.held, pulse.takenOver], [false, [ALICE.id]]);
  },
};
