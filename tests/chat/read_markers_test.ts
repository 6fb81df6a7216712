import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { ReadMarkers, WRITE_BEHIND_MS } from "../../lib/chat/read_markers.ts";
import { openDirectStore } from "../helpers/direct_store.ts";
import { send } from "../store/drafts.ts";
import { ALICE, BOB, enter } from "../store/people.ts";

/** Markers over a store in memory in which Alice and Bob have 9 messages to read in two rooms. */
async function readMarkers() {
  const store = openDirectStore();
  for (const room of ["general", "tea"]) {
    await store.move("i1", [enter(ALICE, room), enter(BOB, room)]);
    await store.append(Array.from({ length: 9 }, () => send({ room })));
  }
  store.calls.splice(0);
  const writes = () => store.calls.filter((call) => call === "mark").length;
  const read = async () => {
    const standings = [...await store.standings(ALICE), ...await store.standings(BOB)];
    return standings.map(({ read }) => read);
  };
  const note = (userId: string, room: string, seq: number) => markers.note({ userId, room, seq });
  const markers = new ReadMarkers(store);
  return { store, markers, note, writes, read };
}

Deno.test("ReadMarkers writes the furthest mark of each person and room, once, a second later", async () => {
  using time = new FakeTime();
  const { store, markers, note, writes, read } = await readMarkers();
  using _ = store;
  for (const seq of [1, 5, 3]) note(ALICE.id, "general", seq);
  note(ALICE.id, "tea", 2);
  note(BOB.id, "tea", 7);
  await time.tickAsync(WRITE_BEHIND_MS - 1);
  assertEquals([writes(), await read()], [0, [0, 0, 0, 0]]);
  await time.tickAsync(1);
  await time.runMicrotasks();
  assertEquals([writes(), await read()], [1, [5, 2, 0, 7]]);
  assertEquals(time.next(), false);
  await markers.close();
});

Deno.test("ReadMarkers writes on while marks keep coming", async () => {
  using time = new FakeTime();
  const { store, markers, note, read } = await readMarkers();
  using _ = store;
  for (let seq = 1; seq <= 9; seq++) {
    note(ALICE.id, "general", seq);
    await time.tickAsync(WRITE_BEHIND_MS / 2);
  }
  assertEquals((await read())[0]! >= 7, true);
  await markers.close();
  assertEquals((await read())[0], 9);
});

Deno.test("ReadMarkers keeps what the store did not take, and writes the furthest later", async () => {
  using time = new FakeTime();
  const { store, markers, note, writes, read } = await readMarkers();
  using _ = store;
  store.state = "down";
  note(ALICE.id, "general", 5);
  note(BOB.id, "general", 3);
  for (let i = 0; i < 3; i++) {
    await time.tickAsync(WRITE_BEHIND_MS);
    await time.runMicrotasks();
  }
  assertEquals(writes(), 3);
  note(ALICE.id, "general", 4);
  note(BOB.id, "general", 6);
  store.state = "up";
  await time.tickAsync(WRITE_BEHIND_MS);
  await time.runMicrotasks();
  assertEquals(await read(), [5, 0, 6, 0]);
  await markers.close();
});

Deno.test("ReadMarkers that is closed has written what waited, and waits for nothing", async () => {
  using time = new FakeTime();
  const { store, markers, note, read } = await readMarkers();
  using _ = store;
  note(ALICE.id, "general", 5);
  await markers.close();
  assertEquals([await read(), time.next()], [[5, 0, 0, 0], false]);
  store.state = "down";
  note(ALICE.id, "general", 6);
  await markers.close();
  assertEquals(time.next(), false);
});
