import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { type Fate, faulty, inMemory, openStore, shared } from "../helpers/kv.ts";
import { append, edit, react, send, seqs } from "./drafts.ts";
import { ALICE, BOB, enter, leave, LONG_MS } from "./people.ts";

/** A store whose commits go as `next` says, and another one over the same database whose commits are done. */
async function open(kv: Deno.Kv) {
  const next: (Fate | (() => Promise<Fate>))[] = [];
  let commits = 0;
  const fate = () => {
    commits++;
    const decide = next.shift() ?? "done";
    return typeof decide === "function" ? decide() : decide;
  };
  const [store, other] = [await openStore(faulty(kv, fate)), await openStore(shared(kv))];
  commits = 0;
  return { store, other, next, commits: () => commits };
}

async function head(store: Store): Promise<number | undefined> {
  return (await store.heads(["general"])).heads[0]?.seq;
}

Deno.test("Deno KV tries a commit again that others were quicker with", async () => {
  await using database = await inMemory();
  const { store, next, commits } = await open(database.kv);
  next.push("late", "late", "late");
  assertEquals(seqs(await store.append([send(), send()])), [1, 2]);
  assertEquals(commits(), 4);
});

Deno.test("Deno KV gives up a commit that others are always quicker with, and has stored nothing", async () => {
  await using database = await inMemory();
  const { store, other, next, commits } = await open(database.kv);
  next.push(...Array<Fate>(1_000).fill("late"));
  await assertRejects(() => append(store, send()), StoreUnavailableError, "30 times");
  assertEquals([commits(), await head(other)], [30, 0]);
});

Deno.test("Deno KV begins from what others have stored when they were quicker", async () => {
  await using database = await inMemory();
  const { store, other, next } = await open(database.kv);
  const theirs = send({ nonce: "n" });
  next.push(async () => {
    await other.append([theirs, send()]);
    return "late";
  });
  const [first, again, last] = await store.append([send(), send({ nonce: "n" }), send()]);
  assertEquals(again, { repeats: { id: theirs.id, seq: 1 } });
  assertEquals(seqs([first!, last!]), [3, 4]);
});

Deno.test("Deno KV stores once what is repeated because its outcome was not known", async () => {
  for (const fate of ["lost", "unanswered"] as const) {
    await using database = await inMemory();
    const { store, other, next } = await open(database.kv);
    const drafts = [send({ nonce: "a" }), send({ nonce: "b" })];
    next.push(fate);
    await assertRejects(() => store.append(drafts), StoreUnavailableError, "connection reset");
    assertEquals(await head(other), fate === "lost" ? 0 : 2);
    const again = await other.append(drafts.map((draft) => ({ ...draft, id: `${draft.id}x` })));
    assertEquals(await head(store), 2);
    assertEquals((await store.page("general", { limit: 9 })).length, 2);
    assert(again.every((one) => (fate === "lost" ? "change" : "repeats") in one));
  }
});

Deno.test("Deno KV has told nobody of a number that it gives out again", async () => {
  await using database = await inMemory();
  const { store, next } = await open(database.kv);
  const message = send();
  await append(store, message);
  const answers: (number | undefined)[] = [];
  for (let i = 0; i < 30; i++) {
    next.push((["done", "late", "lost", "unanswered"] as const)[i % 4]!);
    await store.append([react(message.id, `${i}`.repeat(2)), edit(message.id, `${i}`)])
      .then((appended) => answers.push(...seqs(appended)), () => {});
  }
  const told = answers.filter((seq) => seq !== undefined);
  assertEquals(new Set(told).size, told.length);
  // Each number is a change, and there is none without one.
  const changes = await store.changes("general", 0, 1000);
  assertEquals(changes.map(({ seq }) => seq), Array.from(changes, (_, i) => i + 1));
  assertEquals(changes.length, await head(store));
});

Deno.test("Deno KV keeps no half of a name or a place whose commit failed", async () => {
  for (const fate of ["lost", "unanswered"] as const) {
    await using database = await inMemory();
    const { store, other, next } = await open(database.kv);
    next.push(fate);
    await assertRejects(
      () => store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]),
      StoreUnavailableError,
    );
    next.push(fate);
    await assertRejects(() => store.move("i1", [enter(ALICE)]), StoreUnavailableError);
    // Told once more, as an instance does.
    assertEquals(await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]), [true]);
    const [moved] = await store.move("i1", [enter(ALICE)]);
    assertEquals(moved?.rev, fate === "lost" ? 1 : undefined);
    assertEquals(await other.people("general"), { rev: 1, users: [ALICE] });
    assertEquals(await other.holder("Alice"), ALICE);
    assertEquals(await other.move("i1", [leave(ALICE)]), [{ ...leave(ALICE), rev: 2 }]);
    assertEquals((await other.people("general")).users, []);
  }
});

Deno.test("Deno KV removes a lapsed instance also when the beat that does it fails half-way", async () => {
  for (let failing = 1; failing < 8; failing++) {
    for (const fate of ["lost", "unanswered"] as const) {
      await using database = await inMemory();
      const { store, other, next } = await open(database.kv);
      await other.connect("i1", [{ user: ALICE, keepMs: 0 }, { user: BOB, keepMs: 0 }]);
      await other.move("i1", [enter(ALICE), enter(BOB), enter(ALICE, "tea")]);
      await other.expire("i1", -1);
      next.push(...Array<Fate>(failing - 1).fill("done"), fate);
      const beat = { instance: "i2", leaseMs: LONG_MS, rooms: [] };
      await store.beat(beat).catch((error) => assert(error instanceof StoreUnavailableError));
      while ((await store.beat(beat)).more);
      const [general, tea] = await Promise.all([other.people("general"), other.people("tea")]);
      assertEquals([general, tea], [{ rev: 4, users: [] }, { rev: 2, users: [] }]);
      assertEquals(await other.holder("Alice"), undefined);
      assertEquals((await other.rooms()).map(({ count }) => count), [0]);
    }
  }
});

Deno.test("Deno KV loses nothing that is told while its instance is removed", async () => {
  await using database = await inMemory();
  const { store, other } = await open(database.kv);
  const people = Array.from({ length: 40 }, (_, i) => ({ id: `u${i}`, name: `User ${i}` }));
  await other.expire("i1", -1);
  await other.move("i1", [enter(ALICE)]);
  await other.expire("i1", -1);
  const [, ...entered] = await Promise.all([
    store.beat({ instance: "i2", leaseMs: LONG_MS, rooms: [] }),
    ...people.map((user) => other.move("i1", [enter(user)])),
  ]);
  assertEquals(entered.flat().filter(Boolean).length, people.length);
  // Whoever is still there is under a lease, and goes with it.
  await other.expire("i1", -1);
  while ((await store.beat({ instance: "i2", leaseMs: LONG_MS, rooms: [] })).more);
  assertEquals((await other.people("general")).users, []);
});

Deno.test("Deno KV that does not answer is given up after 3 s", async () => {
  await using database = await inMemory();
  const hung = { ...shared(database.kv), getMany: () => new Promise<never>(() => {}) };
  const startedAt = performance.now();
  await assertRejects(() => openStore(hung), StoreUnavailableError, "does not answer");
  const ms = performance.now() - startedAt;
  assert(ms >= 2_900 && ms < 5_000, `${ms} ms`);
});
