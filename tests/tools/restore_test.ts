import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { SqliteConnection } from "../../lib/store/sqlite_connection.ts";
import { openSqlite } from "../../lib/store/sqlite.ts";
import { backUp, CAN_COPY, restore } from "../../lib/store/sqlite_copy.ts";
import type { Store } from "../../lib/store/store.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { runTool } from "../helpers/tool.ts";
import { append, send } from "../store/drafts.ts";

const SYNC = { sync: "normal" } as const;
/** Where a database can be copied. */
const test = CAN_COPY ? Deno.test : Deno.test.ignore;

async function withStore<T>(path: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqlite(path, SYNC);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const texts = async (store: Store) =>
  (await store.page("general", { limit: 10 })).map(({ text }) => text);

test("restore puts a backup in the place of a database, with another epoch, and says so", async () => {
  using folder = new TemporaryFolder();
  const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
  const before = await withStore(path, async (store) => {
    await append(store, send({ text: "old" }));
    await backUp(path, file);
    await append(store, send({ text: "new" }));
    return await store.heads(["general"]);
  });
  const { code, stdout, stderr } = await runTool("restore", [file], folder.store);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Restored the database '.*\/parley\.db' from '.*\/copy\.db': .+\n$/);
  await withStore(path, async (store) => {
    const { epoch, heads } = await store.heads(["general"]);
    assertEquals([await texts(store), heads[0]!.seq], [["old"], 1]);
    assertNotEquals(epoch, before.epoch);
  });
  const files = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assertEquals(files.toSorted(), ["copy.db", "parley.db"]);
  if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
});

test("restore gives another epoch each time, also after the same backup", async () => {
  using folder = new TemporaryFolder();
  const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
  await withStore(path, (store) => append(store, send()));
  await backUp(path, file);
  const epochs = new Set<string>();
  for (let i = 0; i < 3; i++) {
    await restore(file, path);
    epochs.add(await withStore(path, async (store) => (await store.heads([])).epoch));
  }
  assertEquals(epochs.size, 3);
});

test("restore makes the database, and the folder, where there is none", async () => {
  using folder = new TemporaryFolder();
  const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
  await withStore(path, (store) => append(store, send({ text: "moved" })));
  await backUp(path, file);
  const there = `${folder.path}/a/b/parley.db`;
  await restore(file, there);
  assertEquals(await withStore(there, texts), ["moved"]);
});

test("restore lets nothing into the backup that a killed server has not put into its file", async () => {
  using folder = new TemporaryFolder();
  const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
  const killed = `${folder.path}/killed.db`;
  await withStore(path, async (store) => {
    await append(store, send({ text: "old" }));
    await backUp(path, file);
    await append(store, send({ text: "new" }));
    for (const end of ["", "-wal"]) await Deno.copyFile(path + end, killed + end);
  });
  assert(Deno.statSync(`${killed}-wal`).size > 0);
  await restore(file, killed);
  assertEquals(await withStore(killed, texts), ["old"]);
});

test("restore takes a file with what was committed beside it, too", async () => {
  using folder = new TemporaryFolder();
  const [path, copy] = [`${folder.path}/parley.db`, `${folder.path}/by-hand.db`];
  await withStore(path, async (store) => {
    await append(store, send({ text: "in the log only" }));
    for (const end of ["", "-wal"]) await Deno.copyFile(path + end, copy + end);
  });
  await restore(copy, `${folder.path}/restored.db`);
  assertEquals(await withStore(`${folder.path}/restored.db`, texts), ["in the log only"]);
});

function execute(path: string, sql: string): void {
  using db = new SqliteConnection(path);
  db.exec(sql);
}

/** What is no backup, and what is told of it. */
const REFUSED: Readonly<Record<string, [prepare: (file: string) => void, told: RegExp]>> = {
  "a file that is not there": [() => {}, /No such file|cannot find/],
  "a folder": [(file) => Deno.mkdirSync(file), /unable to open database file|disk I\/O error/],
  "an empty file": [(file) => Deno.writeTextFileSync(file, ""), /it is empty$/],
  "what is no database": [
    (file) => Deno.writeTextFileSync(file, "no database ".repeat(99)),
    /not a database$/,
  ],
  "another program's database": [
    (file) => execute(file, "CREATE TABLE theirs (x)"),
    /it belongs to another program$/,
  ],
  "a backup of a newer release": [
    (file) => execute(file, "PRAGMA user_version = 99"),
    /a newer release made its schema, version 99, and this one knows versions up to \d+$/,
  ],
  "half of a backup": [
    (file) => Deno.truncateSync(file, 8 * 4096),
    /malformed|it is damaged: .+$/,
  ],
};

for (const [name, [spoil, told]] of Object.entries(REFUSED)) {
  test(`restore says in a sentence that it is given ${name}, and changes nothing`, async () => {
    using folder = new TemporaryFolder();
    const [path, file] = [`${folder.path}/parley.db`, `${folder.path}/copy.db`];
    await withStore(path, (store) => append(store, send({ text: "still here" })));
    if (/backup/.test(name)) await backUp(path, file);
    spoil(file);
    const before = [...Deno.readDirSync(folder.path)].length;
    const error = await assertRejects(() => restore(file, path), Error);
    assert(error.message.startsWith(`Cannot restore '${file}': `), error.message);
    assertMatch(error.message, told);
    assert(!error.message.includes("\n"));
    assertEquals([...Deno.readDirSync(folder.path)].length, before);
    assertEquals(await withStore(path, texts), ["still here"]);
  });
}

test("restore ends with exit code 1 and a sentence when it cannot be done", async () => {
  using folder = new TemporaryFolder();
  for (const args of [[], [`${folder.path}/none.db`]]) {
    const { code, stdout, stderr } = await runTool("restore", args, folder.store);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^(Name one file: deno task restore FILE|Cannot restore '.*': .+)\n$/);
  }
});
