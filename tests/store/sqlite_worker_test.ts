import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { DatabaseSync } from "node:sqlite";
import { openSqlite, startSqliteWorker } from "../../lib/store/sqlite.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import { append, send, seqs } from "./drafts.ts";
import { makeFile } from "./test_file.ts";

const SYNC = { sync: "normal" } as const;
const ISOLATE = new URL("./sqlite_isolate.ts", import.meta.url);

/** Catches the Workers that are started until it is disposed of. */
function catchWorkers() {
  const { Worker } = globalThis;
  const caught: Worker[] = [];
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      caught.push(this);
    }
  };
  return {
    caught,
    [Symbol.dispose]() {
      globalThis.Worker = Worker;
    },
  };
}

async function isGone(store: Store): Promise<void> {
  await assertRejects(() => append(store, send()), StoreUnavailableError);
}

Deno.test("startSqliteWorker serves several isolates, and tells them when it is closed", async () => {
  const worker = await startSqliteWorker(":memory:", SYNC);
  const isolates = ["one", "two", "three"].map((name) => {
    const isolate = new Worker(ISOLATE, { type: "module", name });
    const ask = (message: MessagePort | "wait") => {
      isolate.postMessage(message, message === "wait" ? [] : [message]);
      return new Promise<unknown>((resolve) => {
        isolate.onmessage = ({ data }) => resolve(data);
      });
    };
    return { isolate, ask };
  });
  const places = await Promise.all(isolates.map(({ ask }) => ask(worker.port())));
  const sorted = (places as number[][]).flat().toSorted((a, b) => a - b);
  assertEquals(sorted, Array.from({ length: 300 }, (_, i) => i + 1));
  const ends = isolates.map(({ ask }) => ask("wait"));
  await worker.close();
  assertEquals(await Promise.all(ends), isolates.map(() => "StoreUnavailableError"));
  for (const { isolate } of isolates) isolate.terminate();
});

Deno.test("startSqliteWorker does what was asked before it closes", async () => {
  await using file = await makeFile();
  const worker = await startSqliteWorker(file.path, SYNC);
  const store = await openSqlite(file.path, { ...SYNC, port: worker.port() });
  const appending = Promise.all(Array.from({ length: 100 }, () => append(store, send())));
  // The calls are posted at the end of this turn.
  await Promise.resolve();
  await worker.close();
  assertEquals(seqs(await appending), Array.from({ length: 100 }, (_, i) => i + 1));
  await isGone(store);
  await store.close();
});

Deno.test("startSqliteWorker tells when the Worker has failed, whose calls then go unanswered", async () => {
  using time = new FakeTime();
  const worker = await startSqliteWorker(":memory:", SYNC);
  const store = await openSqlite(":memory:", { ...SYNC, port: worker.port() });
  await append(store, send());
  const broken = worker.port();
  broken.postMessage("no calls");
  assertMatch(await worker.failure, /^The store's Worker has failed: .+/);
  const unanswered = append(store, send());
  await new Promise((resolve) => setImmediate(resolve));
  time.tick(15_000);
  await assertRejects(() => unanswered, StoreUnavailableError, "The store does not answer");
  await isGone(store);
  await store.close();
  await worker.close();
  broken.close();
});

Deno.test("openSqlite rejects all calls when its Worker fails, and starts another one", async () => {
  await using file = await makeFile();
  using workers = catchWorkers();
  const [one, two] = await Promise.all([openSqlite(file.path, SYNC), openSqlite(file.path, SYNC)]);
  const [worker, ...more] = workers.caught;
  assertEquals(more, []);
  await append(one, send());
  const pending = append(one, send());
  worker!.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
  const error = await assertRejects(() => pending, StoreUnavailableError);
  assertEquals(error.message, "The store's Worker has failed: out of memory");
  await isGone(one);
  await isGone(two);
  const again = await openSqlite(file.path, SYNC);
  const [place] = seqs([await append(again, send())]);
  // Whether the pending one was stored is not known.
  assert(place === 2 || place === 3);
  await Promise.all([one.close(), two.close()]);
  await append(again, send());
  await again.close();
});

Deno.test("openSqlite shares a database in memory as long as one store is open", async () => {
  const one = await openSqlite(":memory:", SYNC);
  const two = await openSqlite(":memory:", SYNC);
  await append(one, send());
  await one.close();
  assertEquals((await two.heads(["general"])).heads[0]?.seq, 1);
  await two.close();
  const three = await openSqlite(":memory:", SYNC);
  assertEquals((await three.heads(["general"])).heads[0]?.seq, 0);
  await three.close();
});

Deno.test("openSqlite shares a file that is named in two ways", async () => {
  await using file = await makeFile();
  using workers = catchWorkers();
  const one = await openSqlite(file.path, SYNC);
  const two = await openSqlite(`${file.folder}/./parley.db`, SYNC);
  assertEquals(workers.caught.length, 1);
  await Promise.all([one.close(), two.close()]);
});

Deno.test("openSqlite starts no Worker for a database in memory, which its isolate shares", async () => {
  using workers = catchWorkers();
  const [one, two] = await Promise.all([1, 2].map(() => openSqlite(":memory:", SYNC)));
  await append(one!, send());
  assertEquals((await two!.page("general", { limit: 10 })).length, 1);
  await Promise.all([one!.close(), two!.close()]);
  await isGone(two!);
  assertEquals(workers.caught, []);
});

Deno.test("openSqlite waits for another process that writes to the file", async () => {
  await using file = await makeFile();
  const store = await openSqlite(file.path, SYNC);
  const another = new DatabaseSync(file.path);
  another.exec("BEGIN IMMEDIATE");
  let isDone = false;
  const appending = append(store, send()).finally(() => isDone = true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assertEquals(isDone, false);
  another.exec("COMMIT");
  another.close();
  assertEquals(seqs([await appending]), [1]);
  await store.close();
});
