import { assert, assertEquals, assertRejects } from "@std/assert";
import { KvDatabase } from "../../lib/store/kv_database.ts";
import { part } from "../../lib/store/kv_keys.ts";
import {
  keyBytes,
  KV_LIMITS,
  KV_MAX_MESSAGE_CHARS,
  REMOTE_CHECKS,
  valueBytes,
} from "../../lib/store/kv_limits.ts";
import { KvStore } from "../../lib/store/kv_store.ts";
import type { Store } from "../../lib/store/store.ts";
import { faulty, inMemory, openStore, shared } from "../helpers/kv.ts";
import { append, react, remove, send, seqs } from "./drafts.ts";
import { ALICE, enter, LONG_MS, user } from "./people.ts";

const { checks, commitBytes, commitKeyBytes, keysARead, mutations } = KV_LIMITS;

/** Each limit: what is at it is taken by Deno, and what is over it refused. */
const LIMITS: Readonly<Record<string, (kv: Deno.Kv, size: number) => Promise<unknown>>> = {
  keyBytes: (kv, bytes) => kv.set(["k".repeat(bytes - 2)], true),
  valueBytes: (kv, bytes) => kv.set(["k"], "v".repeat(bytes - 6)),
  keysARead: (kv, keys) => kv.getMany(Array.from({ length: keys }, (_, i) => [i])),
  entriesARead: (kv, batchSize) => kv.list({ prefix: [] }, { batchSize }).next(),
  checks: (kv, count) =>
    kv.atomic().check(
      ...Array.from({ length: count }, (_, i) => ({ key: [i], versionstamp: null })),
    )
      .commit(),
  mutations: (kv, count) =>
    kv.atomic().mutate(...Array.from({ length: count }, (_, i) => ({
      type: "delete" as const,
      key: [i],
    }))).commit(),
  commitBytes: (kv, bytes) =>
    setMany(kv, Math.ceil(bytes / 60_000), (i, count) => [
      [i],
      // A key of nine bytes, and what a value begins with.
      new Uint8Array(Math.floor(bytes / count) - 9 - 20),
    ]),
  commitKeyBytes: (kv, bytes) =>
    setMany(kv, Math.ceil(bytes / 2000), (i, count) => [
      ["k".repeat(Math.floor(bytes / count) - 9 - 2), i],
      true,
    ]),
};

function setMany(
  kv: Deno.Kv,
  count: number,
  entry: (i: number, count: number) => [Deno.KvKey, unknown],
): Promise<unknown> {
  let commit = kv.atomic();
  for (let i = 0; i < count; i++) commit = commit.set(...entry(i, count));
  return commit.commit();
}

for (const [name, ask] of Object.entries(LIMITS)) {
  Deno.test(`Deno KV has the limit that is written down: ${name}`, async () => {
    await using database = await inMemory();
    const limit = KV_LIMITS[name as keyof typeof KV_LIMITS];
    await ask(database.kv, limit);
    // A thousandth over it, where what is around the values counts.
    const over = limit > 50_000 ? Math.ceil(limit * 1.001) + 300 : limit + 1;
    await assertRejects(async () => await ask(database.kv, over), TypeError);
  });
}

Deno.test("Deno KV watches no more keys than it may: the link watches one", async () => {
  await using database = await inMemory();
  const keys = Array.from({ length: keysARead + 1 }, (_, i) => [i]);
  const watch = async () => await database.kv.watch(keys).getReader().read();
  await assertRejects(watch, TypeError, "Too many keys");
  const reader = database.kv.watch(keys.slice(1)).getReader();
  await reader.read();
  await reader.cancel();
});

/** A store that notes how large its largest commit was. */
async function measured(kv: Deno.Kv, maxChecks?: number) {
  const largest = { mutations: 0, bytes: 0, keyBytes: 0, valueBytes: 0, aKeyBytes: 0, checks: 0 };
  const note = (name: keyof typeof largest, value: number) => {
    largest[name] = Math.max(largest[name], value);
  };
  const counting = faulty(kv, (mutations, checks) => {
    const keys = mutations.map(({ key }) => keyBytes(key as string[]));
    const values = mutations.map((one) => "value" in one ? valueBytes(one.value) : 0);
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    note("checks", checks);
    note("mutations", mutations.length);
    note("keyBytes", sum(keys));
    note("bytes", sum(keys) + sum(values));
    note("valueBytes", Math.max(...values));
    note("aKeyBytes", Math.max(...keys));
    return "done";
  });
  const store: Store & { prepare(): Promise<void> } = new KvStore(
    new KvDatabase(counting, maxChecks),
  );
  await store.prepare();
  return { store, largest };
}

Deno.test("Deno KV stores a thousand messages of one call in commits of fewer changes than one may have", async () => {
  await using database = await inMemory();
  const { store, largest } = await measured(database.kv);
  const drafts = Array.from({ length: 1000 }, (_, i) => send({ nonce: `n${i}` }));
  assertEquals(seqs(await store.append(drafts)), drafts.map((_, i) => i + 1));
  assert(largest.mutations <= mutations && largest.mutations > mutations / 4);
  assert(largest.keyBytes <= commitKeyBytes);
  assertEquals((await store.page("general", { limit: 2000 })).length, 1000);
});

Deno.test("Deno KV stores many long messages of one call in commits of fewer bytes than one may have", async () => {
  await using database = await inMemory();
  const { store, largest } = await measured(database.kv);
  const drafts = Array.from({ length: 60 }, () => send({ text: "𝒳".repeat(KV_MAX_MESSAGE_CHARS) }));
  assertEquals(seqs(await store.append(drafts)), drafts.map((_, i) => i + 1));
  assert(largest.bytes <= commitBytes && largest.bytes > commitBytes / 2, `${largest.bytes}`);
});

Deno.test("Deno KV stores the longest message that may be sent, whatever its characters", async () => {
  await using database = await inMemory();
  const { store, largest } = await measured(database.kv);
  const longest = { username: "𝒳".repeat(32), nonce: "𝒳".repeat(64) };
  for (const character of ["a", "é", "あ", "𝒳", "\u0001", '"', "\ud800"]) {
    const text = character.repeat(KV_MAX_MESSAGE_CHARS);
    const sent = send({ text, ...longest, nonce: `${longest.nonce}${character}`.slice(-64) });
    await append(store, sent);
    // And all that comes to it.
    const emoji = Array.from({ length: 20 }, (_, i) => "👨‍👩‍👧‍👦".repeat(5) + i);
    await store.append(emoji.map((one) => react(sent.id, one)));
    const message = await store.message("general", sent.id);
    assertEquals([message?.text, Object.keys(message?.reactions ?? {}).length], [text, 20]);
  }
  assert(largest.valueBytes <= KV_LIMITS.valueBytes, `${largest.valueBytes}`);
});

Deno.test("Deno KV says what is wrong with a message that no value holds, and stores the others of its turn", async () => {
  await using database = await inMemory();
  const store = await openStore(shared(database.kv));
  const [good, bad, also] = [send(), send({ text: "あ".repeat(33_000) }), send()].map((draft) =>
    append(store, draft)
  );
  await assertRejects(() => bad!, TypeError, "Value too large");
  assertEquals(seqs(await Promise.all([good!, also!])), [1, 2]);
});

for (const most of [checks, REMOTE_CHECKS]) {
  Deno.test(`Deno KV rests no commit on more than ${most} checks where that is the limit`, async () => {
    await using database = await inMemory();
    const { store, largest } = await measured(database.kv, most);
    const rooms = Array.from({ length: 250 }, (_, i) => `room-${i}`);
    const drafts = [...rooms, ...rooms].map((room) => send({ room }));
    const appended = await store.append(drafts);
    assertEquals(seqs(appended), drafts.map((_, i) => i < 250 ? 1 : 2));
    const people = Array.from({ length: 250 }, (_, i) => user(`User${i}`));
    const claims = people.map((user) => ({ user, keepMs: LONG_MS, takesOver: true }));
    assert((await store.connect("i1", claims)).every(Boolean));
    assert((await store.connect("i2", claims)).every(Boolean));
    const moves = people.map((user, i) => enter(user, rooms[i % 40]));
    assert((await store.move("i1", moves)).every((moved) => moved?.rev));
    assertEquals((await store.beat({ instance: "i1", leaseMs: 1, rooms })).takenOver.length, 250);
    await store.renew((await store.heads([])).epoch);
    await store.expire("i1", -1);
    const { gone } = await store.beat({ instance: "i3", leaseMs: LONG_MS, rooms });
    assertEquals(gone.length, 250);
    assertEquals(largest.checks, most);
  });
}

Deno.test("Deno KV holds what grows under keys of its own: no value of a busy room grows with it", async () => {
  await using database = await inMemory();
  const { store, largest } = await measured(database.kv);
  const message = send({ text: "short" });
  await append(store, message);
  const people = Array.from({ length: 500 }, (_, i) => user(`User${i}`));
  await store.move("i1", people.map((user) => enter(user)));
  await store.move("i1", people.map((_, i) => enter(ALICE, `room-${i}`)));
  const before = largest.valueBytes;
  await store.append(people.map(({ id }) => react(message.id, "👍", { user_id: id })));
  await store.append(people.map(({ id }) => react(message.id, "👍", { user_id: id, on: false })));
  await store.append(people.map(({ id }) => react(message.id, "👍", { user_id: id })));
  assertEquals((await store.message("general", message.id))?.reactions?.["👍"]?.length, 500);
  assertEquals((await store.people("general")).users.length, 500);
  assertEquals((await store.standings(ALICE)).length, 500);
  assert(largest.valueBytes < before + 100 && largest.valueBytes < 1000, `${largest.valueBytes}`);
  // And its end is one commit, whatever hangs on it.
  largest.mutations = 0;
  await append(store, remove(message.id));
  assert(largest.mutations < 10, `${largest.mutations}`);
  assertEquals((await store.message("general", message.id))?.reactions, undefined);
});

Deno.test("a text of any length and any code units has a short part of a key, unlike any other's", () => {
  const texts = ["", "a", "a\0", "=a", "#a", "\ud800", "\ud801", "\ufffd", "a".repeat(64)];
  const long = ["a".repeat(65), "a".repeat(66), "𝒳".repeat(2000), "𝒴".repeat(2000)];
  const parts = [...texts, ...long].map(part);
  assertEquals(new Set(parts).size, parts.length);
  for (const one of parts) assert(one.isWellFormed() && keyBytes([one]) <= 3 * 65 + 2);
});

Deno.test("bytes are never counted too low", async () => {
  await using database = await inMemory();
  const { kv } = database;
  const values: unknown[] = [
    "a".repeat(65_530),
    "あ".repeat(32_765),
    { text: "é".repeat(65_400), time: 1e15 },
    { list: Array.from({ length: 9_000 }, (_, i) => i / 3) },
  ];
  for (const value of values) {
    const fits = await kv.set(["v"], value).then(() => true, () => false);
    if (!fits) assert(valueBytes(value) > KV_LIMITS.valueBytes);
  }
  for (
    const text of ["a".repeat(2046), "あ".repeat(682), "\0".repeat(1023), `𝒳${"𝒳".repeat(510)}aa`]
  ) {
    await kv.set([text], true);
    await assertRejects(() => kv.set([`${text}aa`], true), TypeError);
    assert(keyBytes([`${text}aa`]) > KV_LIMITS.keyBytes);
  }
});
