import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, startSqliteWorker } from "../../lib/store/sqlite.ts";
import { type Method, MODES } from "../../lib/store/sqlite_calls.ts";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { storeContract, type TestDatabase } from "./contract.ts";
import { append, send, seqs } from "./drafts.ts";
import { ALICE, BOB, LONG_MS } from "./people.ts";
import { makeFile } from "./test_file.ts";

const WRITER = new URL("./sqlite_writer.ts", import.meta.url).href;

const SYNC = { sync: "normal" } as const;

async function inFile(open: (path: string) => Promise<Store>): Promise<TestDatabase> {
  const file = await makeFile();
  return {
    open: () => open(file.path),
    async keep() {
      // Two that close at the same time may both leave what was committed beside the file.
      const last = new DatabaseSync(file.path);
      last.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      last.close();
      const kept = `${file.folder}/kept.db`;
      await Deno.copyFile(file.path, kept);
      return () => Deno.copyFile(kept, file.path);
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

function inMemory(): Promise<TestDatabase> {
  return Promise.resolve({
    open: () => openSqlite(":memory:", SYNC),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** As a process of its own would: over a Worker that nobody else uses. */
async function openAlone(path: string): Promise<Store> {
  const worker = await startSqliteWorker(path, SYNC);
  const store = await openSqlite(path, { ...SYNC, port: worker.port() });
  const close = store.close.bind(store);
  let closed: Promise<void> | undefined;
  store.close = () => closed ??= close().then(() => worker.close());
  return store;
}

/** Over the database itself, one transaction a call. */
function openDirectly(path: string): Promise<Store> {
  const database = new SqliteDatabase(path, SYNC);
  let isOpen = true;
  const calls = Object.entries(MODES).map(([method, mode]) => {
    const perform = database[method as Method] as (...args: unknown[]) => unknown;
    return [
      method,
      (...args: unknown[]) =>
        isOpen
          ? Promise.resolve(database.transact(mode, () => perform.apply(database, args)))
          : Promise.reject(new StoreUnavailableError("The store is closed")),
    ];
  });
  const close = () => {
    if (isOpen) database.close();
    isOpen = false;
    return Promise.resolve();
  };
  return Promise.resolve({ ...Object.fromEntries(calls), searchable: true, close });
}

/** How many commits the write-ahead log of a database holds (https://sqlite.org/fileformat2.html#walformat). */
async function countCommits(path: string): Promise<number> {
  const log = new DataView((await Deno.readFile(`${path}-wal`)).buffer);
  const [headerBytes, frameHeaderBytes, pageBytes] = [32, 24, log.getUint32(8)];
  const salt = log.getBigUint64(16);
  let commits = 0;
  for (
    let at = headerBytes;
    at < log.byteLength && log.getBigUint64(at + 8) === salt;
    at += frameHeaderBytes + pageBytes
  ) {
    // Only the last frame of a transaction tells the size of the database after it.
    if (log.getUint32(at + 4) > 0) commits++;
  }
  return commits;
}

storeContract("SQLite in a file", () => inFile((path) => openSqlite(path, SYNC)));
storeContract("SQLite in a file of two processes", () => inFile(openAlone));
storeContract("SQLite in memory", inMemory, { isKept: false });
storeContract("SqliteDatabase", () => inFile(openDirectly));

Deno.test("SQLite gives back everything after it was closed", async () => {
  await using file = await makeFile();
  const draft = send({ nonce: "n" });
  const before = await openSqlite(file.path, SYNC);
  await append(before, draft);
  await before.reserve(ALICE, LONG_MS);
  const [page, secret, heads] = await Promise.all([
    before.page("general", { limit: 10 }),
    before.secret(),
    before.heads(["general"]),
  ]);
  await before.close();
  const after = await openSqlite(file.path, SYNC);
  assertEquals(await after.page("general", { limit: 10 }), page);
  assertEquals(await after.secret(), secret);
  assertEquals(await after.heads(["general"]), heads);
  assertEquals(await append(after, send({ nonce: "n" })), { repeats: { id: draft.id, seq: 1 } });
  assertEquals(await after.reserve({ ...BOB, name: "ALICE" }, LONG_MS), false);
  await after.close();
});

Deno.test("SQLite loses nothing that was acknowledged when its process is killed", async () => {
  await using file = await makeFile();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-write", WRITER, file.path],
    stdout: "piped",
  }).spawn();
  let told = "";
  let isKilled = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    told += text;
    if (told.split("\n").length < 50 || isKilled) continue;
    child.kill("SIGKILL");
    isKilled = true;
  }
  await child.status;
  const promised = Number(told.split("\n").at(-2));
  const store = await openSqlite(file.path, SYNC);
  const messages = await store.page("general", { limit: promised + 1000 });
  assert(messages.length >= promised);
  assertEquals(messages.map(({ pos }) => pos), messages.map((_, i) => i + 1));
  await store.close();
});

Deno.test("SQLite commits what comes while it commits as one transaction", async () => {
  await using file = await makeFile();
  const store = await openSqlite(file.path, SYNC);
  const [commits, sent] = [await countCommits(file.path), 400];
  const appended = await Promise.all(Array.from({ length: sent }, () => append(store, send())));
  assertEquals(seqs(appended), Array.from({ length: sent }, (_, i) => i + 1));
  const more = await countCommits(file.path) - commits;
  assert(more >= 1 && more <= 4, `${sent} appends were committed in ${more} transactions`);
  for (let i = 0; i < 5; i++) await append(store, send());
  assertEquals(await countCommits(file.path) - commits - more, 5);
  await store.close();
});

Deno.test("SQLite writes nothing for calls that only read", async () => {
  await using file = await makeFile();
  const store = await openSqlite(file.path, SYNC);
  await append(store, send());
  const commits = await countCommits(file.path);
  await Promise.all([store.snapshot("general", 10), store.heads(["general"]), store.rooms()]);
  assertEquals(await countCommits(file.path), commits);
  await store.close();
});

Deno.test("SQLite rejects what the engine cannot do, and does the rest of the batch", async () => {
  await using file = await makeFile();
  const store = await openSqlite(file.path, SYNC);
  const engine = new DatabaseSync(file.path);
  // As a full disk does: the engine ends the whole transaction by itself.
  engine.exec(`
    CREATE TRIGGER fault BEFORE INSERT ON message WHEN new.text = 'fault'
    BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END`);
  const drafts = ["a", "fault", "b", "fault", "c"].map((text, i) => send({ text, nonce: `${i}` }));
  const settled = await Promise.allSettled(drafts.map((draft) => append(store, draft)));
  assertEquals(settled.map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  const { reason } = settled[1] as PromiseRejectedResult;
  assert(reason instanceof StoreUnavailableError);
  assertEquals(reason.message, "database or disk is full");
  engine.exec("DROP TRIGGER fault");
  engine.close();
  const again = await Promise.all(drafts.map((draft) => append(store, draft)));
  assertEquals(seqs(again), [undefined, 4, undefined, 5, undefined]);
  const messages = await store.page("general", { limit: 10 });
  assertEquals(messages.map(({ text, pos }) => [text, pos]), [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["fault", 4],
    ["fault", 5],
  ]);
  await store.close();
});
