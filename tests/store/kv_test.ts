import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { openKv } from "../../lib/store/kv.ts";
import { KEYS } from "../../lib/store/kv_keys.ts";
import type { PageQuery } from "../../lib/store/store.ts";
import { inFile, inMemory, openStore, shared } from "../helpers/kv.ts";
import { storeContract } from "./contract.ts";
import { append, edit, react, remove, send, seqs } from "./drafts.ts";
import { ALICE, BOB, CAROL, enter, LONG_MS } from "./people.ts";

storeContract("Deno KV in memory", inMemory, { isKept: false, searches: false });
storeContract("Deno KV in a file", inFile, { searches: false });

async function entries(kv: Deno.Kv): Promise<Deno.KvEntry<unknown>[]> {
  return await Array.fromAsync(kv.list({ prefix: [] }));
}

Deno.test("Deno KV with the data of a newer release is left as it is", async () => {
  await using database = await inMemory();
  await database.kv.set(KEYS.shared("version") as Deno.KvKey, 99);
  await assertRejects(
    () => database.open(),
    Error,
    "Cannot use the Deno KV database as a newer release made its data, version 99",
  );
  assertEquals((await entries(database.kv)).length, 1);
});

Deno.test("Deno KV that cannot be opened says why in one sentence", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { message } = await assertRejects(
      () => openKv({ kind: "file", path: folder }),
      Error,
      `Cannot open the Deno KV file ${folder}: `,
    );
    assertEquals(message.split("\n").length, 1);
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("Deno KV in a file that has taken the place of another one has another epoch, and keeps it", async () => {
  await using database = await inFile();
  const { path } = database;
  const epochs: string[] = [];
  const look = async () => {
    const { store } = await openKv({ kind: "file", path });
    epochs.push((await store.heads([])).epoch);
    await store.close();
  };
  await look();
  await look();
  for (const file of ["", "-wal", "-shm"]) {
    const copy = `${path}.copy${file}`;
    await Deno.copyFile(path + file, copy).then(() => Deno.rename(copy, path + file), () => {});
  }
  await look();
  await look();
  assertEquals(epochs.map((epoch) => epochs.indexOf(epoch)), [0, 0, 2, 2]);
  assert(epochs[2]! > epochs[0]!);
});

Deno.test("Deno KV gives its log a new epoch when it was wound back while it was open, if others have written since", async () => {
  await using database = await inMemory();
  const { kv } = database;
  const [store, other] = [await database.open(), await database.open()];
  const beat = (handle: typeof store, instance: string) =>
    handle.beat({ instance, leaseMs: 60_000, rooms: ["general"] });
  const { epoch } = await beat(store, "i1");
  await beat(other, "i2");
  const kept = await entries(kv);
  await store.append([send(), send()]);
  for (const { key } of await entries(kv)) await kv.delete(key);
  for (const { key, value } of kept) await kv.set(key, value);
  // The log has come as far again, and further.
  await other.append([send(), send(), send()]);
  assertEquals((await beat(other, "i2")).epoch, epoch);
  await append(store, send());
  const renewed = await beat(store, "i1");
  assert(renewed.epoch > epoch);
  assertEquals([renewed.held, renewed.heads[0]?.seq], [false, 4]);
  // Once.
  assertEquals((await beat(other, "i2")).epoch, renewed.epoch);
  assertEquals((await beat(store, "i1")).epoch, renewed.epoch);
});

Deno.test("Deno KV makes one direct room of two, whoever asks and however many at once", async () => {
  await using database = await inMemory();
  const [store, other] = [await database.open(), await database.open()];
  const made = await Promise.all(
    [0, 1, 2, 3].map((i) => [store, other][i % 2]!.direct(i < 2 ? [ALICE, BOB] : [BOB, ALICE])),
  );
  const [direct] = made;
  assertEquals(new Set(made.map(({ room }) => room)).size, 1);
  assertMatch(direct!.room, /^~[0-9A-HJKMNP-TV-Z]{26}$/);
  assertEquals(direct!.users.map(({ id }) => id), [ALICE.id, BOB.id].toSorted());
  assertEquals(await other.directOf(direct!.room), direct);
  assertEquals(await other.directOf("~none"), undefined);
  assertEquals(await store.directs(BOB.id), [direct!]);
  assertEquals(await store.directs(CAROL.id), []);
  assertNotEquals((await store.direct([ALICE, CAROL])).room, direct!.room);
  // A room of both, before anybody has come; and it stays one.
  await append(other, send({ room: direct!.room, user_id: ALICE.id, text: "hello" }));
  await store.withdraw(BOB.id, direct!.room);
  const [standing] = await store.standings(BOB);
  assertEquals([standing?.room, standing?.unread, standing?.newest?.text], [
    direct!.room,
    1,
    "hello",
  ]);
  assert((await store.rooms()).every(({ room }) => !room.startsWith("~")));
});

Deno.test("Deno KV shows the newest message of a room that is not deleted, as it is now, cut to 140 characters", async () => {
  await using database = await inMemory();
  const store = await database.open();
  const newest = async () => (await store.rooms()).find(({ room }) => room === "general")?.newest;
  assertEquals(await newest(), undefined);
  const [first, second, third] = [send(), send(), send({ text: "𝒳".repeat(200) })];
  await store.append([first, second, third]);
  assertEquals(await newest(), {
    user_id: third.user_id,
    username: third.username,
    text: "𝒳".repeat(140),
    time: third.time,
  });
  await store.append([edit(third.id, "again"), react(first.id, "👍")]);
  assertEquals((await newest())?.text, "again");
  await append(store, remove(third.id));
  assertEquals((await newest())?.text, second.text);
  await store.append([remove(second.id), remove(first.id)]);
  assertEquals(await newest(), undefined);
  await append(store, send({ text: "anew" }));
  assertEquals((await newest())?.text, "anew");
});

Deno.test("Deno KV gives the first messages after a place, also where there is an end to them", async () => {
  await using database = await inMemory();
  const store = await database.open();
  await store.append(Array.from({ length: 10 }, () => send()));
  const places = async (query: PageQuery) =>
    (await store.page("general", query)).map(({ pos }) => pos);
  assertEquals(await places({ first: true, limit: 3 }), [1, 2, 3]);
  assertEquals(await places({ after: 4, first: true, limit: 3 }), [5, 6, 7]);
  assertEquals(await places({ after: 4, before: 7, first: true, limit: 3 }), [5, 6]);
  assertEquals(await places({ after: 2, before: 8, limit: 3 }), [5, 6, 7]);
});

Deno.test("Deno KV tells who holds a name, and that it cannot search", async () => {
  await using database = await inMemory();
  const store = await database.open();
  await store.reserve(ALICE, LONG_MS);
  await store.connect("i", [{ user: BOB, keepMs: 0 }]);
  assertEquals((await store.holder("ALICE"))?.id, ALICE.id);
  assertEquals((await store.holder("bob"))?.id, BOB.id);
  await store.disconnect("i", [BOB.id]);
  await store.release(ALICE.id);
  assertEquals([await store.holder("Bob"), await store.holder("alice")], [undefined, undefined]);
  assertEquals(store.searchable, false);
  const query = { terms: [{ words: ["hello"], prefix: true }], directs: [] };
  assertEquals(await store.search({ ...query, offset: 0, limit: 9 }), undefined);
});

Deno.test("Deno KV holds what the program puts beside it apart", async () => {
  await using database = await inMemory();
  await database.kv.set(["log", "general", true], "mine");
  const store = await database.open();
  await append(store, send());
  await store.prune({ sentBefore: 0, perRoom: 1 }, "");
  assertEquals((await database.kv.get(["log", "general", true])).value, "mine");
  assert(
    (await entries(database.kv)).every(({ key: [first] }) => first === "parley" || first === "log"),
  );
});

Deno.test("Deno KV holds nothing of a message once it is pruned, and its text no longer than it is", async () => {
  await using database = await inMemory();
  const store = await database.open();
  const before = (await entries(database.kv)).length;
  const [gone, old, kept] = [
    send({ text: "5ecret", nonce: "n" }),
    send({ text: "5ecret" }),
    send({ text: "0pen" }),
  ];
  await store.append([gone, old, kept]);
  const crowd = Array.from({ length: 300 }, (_, i) => react(gone.id, "👍", { user_id: `u${i}` }));
  await store.append([...crowd, edit(old.id, "0pen"), edit(gone.id, "also 5ecret")]);
  await store.append([remove(gone.id), send({ text: "0pen" })]);
  const values = async () =>
    Deno.inspect(await entries(database.kv), {
      depth: 9,
      iterableLimit: 1e5,
      strAbbreviateSize: 1e5,
    });
  assert(!(await values()).includes("5ecret"));
  assert((await store.changes("general", 0, 1000)).every(({ type }) => type !== "reaction"));

  for (let from: string | undefined = ""; from !== undefined;) {
    from = await store.prune({ sentBefore: 0, perRoom: 1 }, from);
  }
  // The head, the message, its place, and that there is a room.
  assertEquals((await entries(database.kv)).length - before, 4);
  assert((await values()).includes("0pen"));
});

Deno.test("Deno KV forgets a room that somebody has not joined for a month, and no other", async () => {
  await using database = await inMemory();
  const store = await database.open();
  await store.move("i", [enter(ALICE), enter(ALICE, "tea")]);
  const day = Math.floor(Date.now() / 86_400_000) - 31;
  const joined = KEYS.joined(day, ALICE.id, "tea") as Deno.KvKey;
  // As if she had come a month ago.
  await database.kv.atomic()
    .set(KEYS.standing(ALICE.id, "tea") as Deno.KvKey, { day })
    .delete(KEYS.joined(day + 31, ALICE.id, "tea") as Deno.KvKey)
    .set(joined, true)
    // What was left of an older day is not believed.
    .set(KEYS.joined(day - 1, ALICE.id, "general") as Deno.KvKey, true)
    .commit();
  await store.prune({ sentBefore: 0, perRoom: Infinity }, "");
  assertEquals((await store.standings(ALICE)).map(({ room }) => room), ["general"]);
});

Deno.test("Deno KV whose store is closed lets go of the database", async () => {
  const kv = await Deno.openKv(":memory:");
  let closed = 0;
  const store = await openStore({ ...shared(kv), close: () => void closed++ });
  assertEquals(seqs([await append(store, send())]), [1]);
  await store.close();
  await store.close();
  assertEquals(closed, 1);
  kv.close();
});
