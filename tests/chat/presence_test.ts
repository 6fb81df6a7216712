import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { Presence } from "../../lib/chat/presence.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { openDirectStore } from "../helpers/direct_store.ts";

const user = (name: string) => ({ id: name.toLowerCase().padEnd(12, "0"), name });
const ALICE = user("Alice");
const BOB = user("Bob");

/** A presence over a store in memory, and what it told. */
function presence(store = openDirectStore(), instance = "i1") {
  const told: string[] = [];
  const presence = new Presence({
    instance,
    store,
    onMoved: (moves) => {
      for (const { room, user, on } of moves) {
        told.push(`${user.name} ${on ? "in" : "out"} ${room}`);
      }
    },
    onNameLost: (userId) => told.push(`${userId} lost the name`),
  });
  const attach = ({ user = ALICE, keepMs = 0 } = {}) => presence.attach({ user, keepMs });
  const people = async (room = "a") => (await store.people(room)).users.map(({ name }) => name);
  return { presence, store, told, attach, people };
}

Deno.test("Presence brings a person into a room with the first connection, and out with the last", async () => {
  const { presence: present, store, told, attach, people } = presence();
  using _ = store;
  assertEquals(await attach(), true);
  assertEquals(await attach(), true);
  const first = await present.enter(ALICE.id, "a");
  const second = await present.enter(ALICE.id, "a");
  assertEquals(first, { room: "a", user: ALICE, on: true, rev: 1 });
  assertEquals([second, present.rooms(ALICE.id)], [first, ["a"]]);
  await present.exit(ALICE.id, "a");
  assertEquals([told, await people()], [["Alice in a"], ["Alice"]]);
  await present.exit(ALICE.id, "a");
  assertEquals([told, await people()], [["Alice in a", "Alice out a"], []]);
});

Deno.test("Presence refuses a name that somebody else holds, and leaves no trace of it", async () => {
  const { presence: present, store, attach } = presence();
  using _ = store;
  const impostor = { id: "impostor0000", name: "ALICE" };
  assertEquals(await attach(), true);
  assertEquals(await attach({ user: impostor }), false);
  await assertRejects(() => present.enter(impostor.id, "a"), TypeError);
  await present.detach(ALICE.id);
  assertEquals(await attach({ user: impostor }), true);
});

Deno.test("Presence keeps a name as long as was claimed after the last connection", async () => {
  using time = new FakeTime();
  const { presence: present, store, attach } = presence();
  using _ = store;
  await attach({ keepMs: 1000 });
  await present.detach(ALICE.id);
  const impostor = { id: "impostor0000", name: "alice" };
  time.tick(999);
  assertEquals(await attach({ user: impostor }), false);
  time.tick(1);
  assertEquals(await attach({ user: impostor }), true);
});

Deno.test("Presence takes a person who departs out of all rooms with one call, and then off", async () => {
  const { presence: present, store, told, attach } = presence();
  using _ = store;
  await attach();
  for (const room of ["a", "b", "c"]) await present.enter(ALICE.id, room);
  store.calls.length = 0;
  present.depart(ALICE.id, ["a", "b", "c"], 0);
  await present.settled(ALICE.id);
  assertEquals(store.calls, ["move", "disconnect"]);
  assertEquals(told.slice(3), ["Alice out a", "Alice out b", "Alice out c"]);
});

Deno.test("Presence waits for a person who may come back, and then lets them go", async () => {
  using time = new FakeTime();
  const { presence: present, store, told, attach, people } = presence();
  using _ = store;
  await attach();
  await present.enter(ALICE.id, "a");
  present.depart(ALICE.id, ["a"], 3000);
  await time.tickAsync(2999);
  assertEquals([told, await people()], [["Alice in a"], ["Alice"]]);
  await time.tickAsync(1);
  await time.runMicrotasks();
  assertEquals([told, await people()], [["Alice in a", "Alice out a"], []]);
});

Deno.test("Presence tells nothing of a person who came back in time", async () => {
  using time = new FakeTime();
  const { presence: present, store, told, attach, people } = presence();
  using _ = store;
  await attach();
  await present.enter(ALICE.id, "a");
  present.depart(ALICE.id, ["a"], 3000);
  await time.tickAsync(1000);
  await attach();
  await present.enter(ALICE.id, "a");
  await time.tickAsync(10_000);
  await time.runMicrotasks();
  assertEquals([told, await people()], [["Alice in a"], ["Alice"]]);
  assertEquals(present.rooms(ALICE.id), ["a"]);
});

Deno.test("Presence tells at the next beat who left while the store did not answer", async () => {
  const { presence: present, store, told, attach, people } = presence();
  using _ = store;
  await attach();
  await present.enter(ALICE.id, "a");
  store.state = "down";
  present.depart(ALICE.id, ["a"], 0);
  await present.settled(ALICE.id);
  assertEquals(told, ["Alice in a"]);
  store.state = "up";
  await present.catchUp(true);
  assertEquals([told, await people()], [["Alice in a", "Alice out a"], []]);
  assertEquals(await attach({ user: { id: "another00000", name: "Alice" } }), true);
});

for (const state of ["down", "mute"] as const) {
  Deno.test(`Presence leaves nobody in a room who was not let in: the store is ${state}`, async () => {
    const { presence: present, store, attach, people } = presence();
    using _ = store;
    await attach();
    store.state = state;
    await assertRejects(() => present.enter(ALICE.id, "a"), StoreUnavailableError);
    store.state = "up";
    await present.catchUp(true);
    assertEquals([await people(), present.rooms(ALICE.id)], [[], []]);
    await present.enter(ALICE.id, "a");
    assertEquals(await people(), ["Alice"]);
  });
}

Deno.test("Presence leaves nobody connected whose claim was lost on the way", async () => {
  const { presence: present, store, attach } = presence();
  using _ = store;
  store.state = "mute";
  await assertRejects(() => attach(), StoreUnavailableError);
  store.state = "up";
  await present.catchUp(true);
  assertEquals(await attach({ user: { id: "another00000", name: "Alice" } }), true);
});

Deno.test("Presence tells all of it again when the lease was lost, and who lost the name to another", async () => {
  const { presence: present, store, told, attach, people } = presence();
  using _ = store;
  await attach();
  await attach({ user: BOB });
  await present.enter(ALICE.id, "a");
  await present.enter(BOB.id, "a");
  await store.expire("i1", 0);
  const other = presence(store, "i2");
  await store.beat({ instance: "i2", leaseMs: 30_000, rooms: [] });
  assertEquals(await people(), []);
  assertEquals(await other.attach({ user: { id: "another00000", name: "Bob" } }), true);
  told.length = 0;
  await present.catchUp(false);
  assertEquals(told.sort(), ["Alice in a", "bob000000000 lost the name"]);
  assertEquals(await people(), ["Alice"]);
});

Deno.test("Presence tells again what was done before the lease was lost, and answered after it", async () => {
  const answer = Promise.withResolvers<void>();
  const { presence: present, store, attach, people } = presence();
  using _ = store;
  await attach();
  const { move } = store;
  store.move = async (...args) => {
    const moved = await move(...args);
    await answer.promise;
    return moved;
  };
  const entering = present.enter(ALICE.id, "a");
  await store.expire("i1", 0);
  await store.beat({ instance: "i2", leaseMs: 30_000, rooms: [] });
  const caughtUp = present.catchUp(false);
  answer.resolve();
  await Promise.all([entering, caughtUp]);
  assertEquals(await people(), ["Alice"]);
});

Deno.test("Presence that is closed keeps those noted who were about to depart", async () => {
  using time = new FakeTime();
  const { presence: present, store, attach, people } = presence();
  using _ = store;
  await attach();
  await present.enter(ALICE.id, "a");
  present.depart(ALICE.id, ["a"], 3000);
  await present.close();
  assertEquals([time.next(), await people()], [false, ["Alice"]]);
});

Deno.test("Presence brings nobody in by a move of a log that was replaced", async () => {
  const { presence: present, store, attach, people } = presence();
  using _ = store;
  await attach();
  await present.enter(ALICE.id, "a");
  // In the other log she is in the room already, as of an older move.
  await present.catchUp(false);
  assertEquals(await present.enter(ALICE.id, "a"), undefined);
  assertEquals(await people(), ["Alice"]);
});
