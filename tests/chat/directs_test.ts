import { assertEquals, assertRejects } from "@std/assert";
import { Directs, partner } from "../../lib/chat/directs.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { ALICE, BOB, CAROL } from "../store/people.ts";

const NOWHERE = "~01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** A store in which Alice has a room with Bob and one with Carol, and what remembers two of them. */
async function openDirects(capacity = 2) {
  const store = openDirectStore();
  const withBob = await store.direct([ALICE, BOB]);
  const withCarol = await store.direct([ALICE, CAROL]);
  store.calls.splice(0);
  return { store, withBob, withCarol, directs: new Directs(store, capacity) };
}

Deno.test("Directs asks the store once whose a room is", async () => {
  const { store, directs, withBob } = await openDirects();
  using _ = store;
  for (let i = 0; i < 3; i++) assertEquals(await directs.of(withBob.room), withBob);
  assertEquals(store.calls, ["directOf"]);
  directs.clear();
  await directs.of(withBob.room);
  assertEquals(store.calls, ["directOf", "directOf"]);
});

Deno.test("Directs asks of no room that is not direct, and remembers none that is not there", async () => {
  const { store, directs } = await openDirects();
  using _ = store;
  for (const room of ["general", "~alice", ""]) assertEquals(await directs.of(room), undefined);
  assertEquals(store.calls, []);
  for (let i = 0; i < 2; i++) assertEquals(await directs.of(NOWHERE), undefined);
  assertEquals(store.calls, ["directOf", "directOf"]);
});

Deno.test("Directs remembers the rooms that were needed last", async () => {
  const { store, directs, withBob, withCarol } = await openDirects();
  using _ = store;
  const withBoth = await store.direct([BOB, CAROL]);
  for (const { room } of [withBob, withCarol, withBob, withBoth]) await directs.of(room);
  store.calls.splice(0);
  await directs.of(withBob.room);
  assertEquals(store.calls, []);
  await directs.of(withCarol.room);
  assertEquals(store.calls, ["directOf"]);
});

Deno.test("Directs refuses a third person in the same words whether the room is there or not", async () => {
  const { store, directs, withBob } = await openDirects();
  using _ = store;
  for (const action of ["join", "read", "send", "typing", "react"] as const) {
    for (const user of [ALICE, BOB]) {
      assertEquals(await directs.refusal(user, action, withBob.room), undefined);
    }
    const [there, nowhere] = await Promise.all(
      [withBob.room, NOWHERE].map((room) => directs.refusal(CAROL, action, room)),
    );
    assertEquals([there?.code, nowhere?.code], ["forbidden", "forbidden"]);
    assertEquals(
      there?.message.replace(withBob.room, "…"),
      nowhere?.message.replace(NOWHERE, "…"),
    );
  }
  assertEquals((await directs.refusal(ALICE, "read", "~alice"))?.code, "bad_name");
  assertEquals(await directs.refusal(CAROL, "join", "general"), undefined);
});

Deno.test("Directs lets nobody in while the store cannot say whose a room is", async () => {
  const { store, directs, withBob } = await openDirects();
  using _ = store;
  store.state = "down";
  await assertRejects(() => directs.refusal(ALICE, "join", withBob.room), StoreUnavailableError);
});

Deno.test("Directs remembers the rooms of a person that it was told of", async () => {
  const { store, directs, withBob, withCarol } = await openDirects();
  using _ = store;
  const theirs = await directs.ofUser(ALICE.id);
  assertEquals(theirs, new Map([[withBob.room, withBob], [withCarol.room, withCarol]]));
  await directs.of(withCarol.room);
  const { room } = await directs.between([BOB, CAROL]);
  await directs.of(room);
  assertEquals(store.calls, ["directs", "direct"]);
});

Deno.test("partner gives the other one of the two", () => {
  const direct = { room: NOWHERE, users: [ALICE, BOB] as const };
  assertEquals([partner(direct, ALICE.id), partner(direct, BOB.id)], [BOB, ALICE]);
  assertEquals(partner(undefined, ALICE.id), undefined);
});
