import { assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { send } from "./drafts.ts";
import { ALICE, BOB, enter } from "./people.ts";
import { makeFile } from "./test_file.ts";

/** A database whose clock is set by the test. */
function timed() {
  const clock = { now: 1000 };
  const database = new SqliteDatabase(":memory:", { sync: "full", now: () => clock.now });
  const isFree = () => {
    const free = database.reserve({ id: "rival0000000", name: "alice" }, 1);
    database.release("rival0000000");
    return free;
  };
  const beat = (instance: string, leaseMs: number) =>
    database.beat({ instance, leaseMs, rooms: [] });
  return { database, clock, isFree, beat, [Symbol.dispose]: () => database.close() };
}

Deno.test("SqliteDatabase keeps a name to the millisecond", () => {
  using test = timed();
  const { database, clock, isFree } = test;
  database.reserve(ALICE, 60);
  clock.now = 1059;
  assertEquals(isFree(), false);
  clock.now = 1060;
  assertEquals(isFree(), true);

  database.connect("i1", [{ user: ALICE, keepMs: 100 }]);
  clock.now = 2000;
  database.disconnect("i1", [ALICE.id]);
  clock.now = 2050;
  database.disconnect("i1", [ALICE.id]);
  clock.now = 2099;
  assertEquals(isFree(), false);
  clock.now = 2100;
  assertEquals(isFree(), true);
});

Deno.test("SqliteDatabase keeps the name of an instance that went from the end of its lease", () => {
  using test = timed();
  const { database, clock, isFree, beat } = test;
  beat("i1", 500);
  database.connect("i1", [{ user: ALICE, keepMs: 100 }]);
  clock.now = 1550;
  assertEquals(isFree(), false);
  beat("i2", 500);
  clock.now = 1599;
  assertEquals(isFree(), false);
  clock.now = 1600;
  assertEquals(isFree(), true);
});

Deno.test("SqliteDatabase lets a lease run out to the millisecond", () => {
  using test = timed();
  const { database, clock, beat } = test;
  beat("i1", 500);
  database.move("i1", [enter(ALICE)]);
  clock.now = 1499;
  assertEquals(beat("i2", 500).gone, []);
  clock.now = 1500;
  assertEquals(beat("i2", 500).gone.length, 1);
});

Deno.test("SqliteDatabase gives an instance 30 s for its first beat", () => {
  using test = timed();
  const { database, clock, beat } = test;
  database.move("i1", [enter(ALICE)]);
  clock.now += 20_000;
  database.connect("i1", [{ user: BOB, keepMs: 0 }]);
  clock.now += 9_999;
  assertEquals(beat("i2", 500).gone, []);
  clock.now += 1;
  assertEquals(beat("i2", 500).gone.length, 1);
});

Deno.test("SqliteDatabase forgets the names that nobody holds", async () => {
  await using file = await makeFile();
  const clock = { now: 1000 };
  const database = new SqliteDatabase(file.path, { sync: "full", now: () => clock.now });
  database.reserve(ALICE, 10);
  database.reserve(BOB, 20);
  clock.now = 1010;
  database.beat({ instance: "i1", leaseMs: 500, rooms: [] });
  database.close();
  const rows = new DatabaseSync(file.path);
  assertEquals(rows.prepare("SELECT key FROM name").all().map(({ key }) => key), ["bob"]);
  rows.close();
});

Deno.test("SqliteDatabase forgets the rooms that a person has not joined for 30 days", () => {
  using test = timed();
  const { database, clock } = test;
  const days = (count: number) => count * 24 * 60 * 60 * 1000;
  const rooms = () => database.standings(ALICE).map(({ room }) => room);
  const prune = () => database.prune({ sentBefore: 0, perRoom: Infinity }, "");
  database.move("i1", [enter(ALICE), enter(ALICE, "tea")]);
  clock.now += days(20);
  database.move("i2", [enter(ALICE, "tea")]);
  clock.now += days(10);
  prune();
  assertEquals(rooms(), ["general", "tea"]);
  clock.now += 1;
  prune();
  assertEquals(rooms(), ["tea"]);
});

Deno.test("SqliteDatabase.transact undoes what was begun when the work throws", () => {
  using test = timed();
  const { database } = test;
  assertThrows(
    () =>
      database.transact("write", () => {
        database.append([send()]);
        throw new Error("out of luck");
      }),
    Error,
    "out of luck",
  );
  assertEquals(database.heads(["general"]).heads[0]?.seq, 0);
  assertEquals(database.transact("write", () => database.append([send()])).length, 1);
});

Deno.test("SqliteDatabase.transact shows one moment throughout, whatever another process writes", async () => {
  await using file = await makeFile();
  const [one, two] = [1, 2].map(() => new SqliteDatabase(file.path, { sync: "full" }));
  one!.transact("read", () => {
    const before = one!.heads(["general"]);
    two!.transact("write", () => two!.append([send()]));
    assertEquals(one!.heads(["general"]), before);
  });
  assertEquals(one!.heads(["general"]).heads[0]?.seq, 1);
  one!.close();
  two!.close();
});
