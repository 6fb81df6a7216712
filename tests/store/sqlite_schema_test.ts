import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../lib/store/sqlite.ts";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { openDatabase } from "../../lib/store/sqlite_schema.ts";
import { send } from "./drafts.ts";
import { makeFile } from "./test_file.ts";

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0];
}

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

/** How a path can be unfit, and what the person who runs the server is told. */
const UNFIT: Readonly<Record<string, [prepare: (path: string) => void, told: RegExp]>> = {
  "is a folder": [(path) => Deno.mkdirSync(path), /unable to open database file/],
  "is no database": [
    (path) => Deno.writeTextFileSync(path, "no database ".repeat(99)),
    /not a database/,
  ],
  "is another program's database": [
    (path) => execute(path, "CREATE TABLE theirs (x)"),
    /it belongs to another program$/,
  ],
  "was made by a newer release": [
    (path) => {
      openDatabase(path, "full").close();
      execute(path, "PRAGMA user_version = 99");
    },
    /a newer release made its schema, version 99, and this one knows versions up to 3$/,
  ],
};

for (const [name, [prepare, told]] of Object.entries(UNFIT)) {
  Deno.test(`openSqlite says in a sentence that the path ${name}`, async () => {
    await using file = await makeFile();
    prepare(file.path);
    const error = await assertRejects(() => openSqlite(file.path, { sync: "full" }), Error);
    assert(error.message.startsWith(`Cannot open the database '${file.path}': `), error.message);
    assert(told.test(error.message), error.message);
    assert(!error.message.includes("\n"));
  });
}

Deno.test("openSqlite says in a sentence that the folder cannot be made", async () => {
  await using file = await makeFile();
  Deno.writeTextFileSync(file.path, "");
  await assertRejects(
    () => openSqlite(`${file.path}/below/parley.db`, { sync: "full" }),
    Error,
    `Cannot open the database '${file.path}/below/parley.db': `,
  );
});

Deno.test("openSqlite opens a path that was unfit once it is fit", async () => {
  await using file = await makeFile();
  Deno.mkdirSync(file.path);
  await assertRejects(() => openSqlite(file.path, { sync: "full" }));
  Deno.removeSync(file.path);
  const store = await openSqlite(file.path, { sync: "full" });
  assertEquals((await store.rooms()).length, 1);
  await store.close();
});

Deno.test("openDatabase changes nothing in a database that it refuses", async () => {
  await using file = await makeFile();
  execute(file.path, "PRAGMA user_version = 0; CREATE TABLE theirs (x)");
  assertThrows(() => openDatabase(file.path, "full"));
  const db = new DatabaseSync(file.path);
  assertEquals(db.prepare("SELECT name FROM sqlite_schema").all().map(({ name }) => name), [
    "theirs",
  ]);
  assertEquals(pragma(db, "user_version"), 0);
  db.close();
});

for (const [sync, level] of [["full", 2], ["normal", 1]] as const) {
  Deno.test(`openDatabase writes ahead, and waits for the disk as "${sync}" says`, async () => {
    await using file = await makeFile();
    const db = openDatabase(file.path, sync);
    assertEquals(pragma(db, "journal_mode"), "wal");
    assertEquals(pragma(db, "synchronous"), level);
    assertEquals(pragma(db, "busy_timeout"), 5000);
    assertEquals(pragma(db, "secure_delete"), 1);
    db.close();
  });
}

Deno.test("openDatabase makes the folders, and a file that others cannot read", async () => {
  await using file = await makeFile();
  const path = `${file.folder}/a/b/parley.db`;
  openDatabase(path, "full").close();
  const { mode } = await Deno.stat(path);
  if (Deno.build.os !== "windows") assertEquals(mode! & 0o777, 0o600);
});

/** The epoch of the database at a path, as one finds it who opens it. */
function epochOf(path: string): string {
  const database = new SqliteDatabase(path, { sync: "full" });
  const { epoch } = database.heads([]);
  database.close();
  return epoch;
}

Deno.test("openDatabase makes a new epoch where there is none, as in a backup", async () => {
  await using file = await makeFile();
  const first = epochOf(file.path);
  assertEquals(epochOf(file.path), first);
  execute(file.path, "DELETE FROM meta WHERE key = 'epoch'");
  assertNotEquals(epochOf(file.path), first);
});

Deno.test("openDatabase makes a new epoch in a file that was copied by hand", async () => {
  await using file = await makeFile();
  const copy = `${file.folder}/copy.db`;
  const first = epochOf(file.path);
  Deno.copyFileSync(file.path, copy);
  // The number of the file that is removed is likely to be that of the one that is made next.
  Deno.removeSync(file.path);
  Deno.copyFileSync(copy, file.path);
  const second = epochOf(file.path);
  assertEquals([first, epochOf(copy)].includes(second), false);
  Deno.renameSync(copy, file.path);
  assertEquals([first, second].includes(epochOf(file.path)), false);
});

Deno.test("openDatabase gives each database an epoch and a secret of its own", () => {
  const [one, two] = [1, 2].map(() => new SqliteDatabase(":memory:", { sync: "full" }));
  assertNotEquals(one!.heads([]).epoch, two!.heads([]).epoch);
  assertNotEquals(one!.secret(), two!.secret());
  one!.close();
  two!.close();
});

Deno.test("SqliteDatabase tells the folded name of who held one before names were kept as they are written", async () => {
  await using file = await makeFile();
  const ALICE = { id: "alice0000000", name: "Alice" };
  const database = new SqliteDatabase(file.path, { sync: "full" });
  database.transact("write", () => database.reserve(ALICE, 60_000));
  assertEquals(database.holder("ALICE"), ALICE);
  execute(file.path, "UPDATE name SET shown = NULL");
  assertEquals(database.holder("ALICE"), { ...ALICE, name: "alice" });
  database.close();
});

Deno.test("SqliteDatabase brings a database of the release before up to date", async () => {
  await using file = await makeFile();
  const before = new SqliteDatabase(file.path, { sync: "full" });
  before.transact("write", () => before.append([send()]));
  before.close();
  execute(
    file.path,
    "DROP TABLE direct; ALTER TABLE name DROP COLUMN shown; PRAGMA user_version = 2",
  );
  const database = new SqliteDatabase(file.path, { sync: "full" });
  const users = ["a", "b"].map((id) => ({ id, name: id }));
  const { room } = database.transact("write", () => database.direct([users[0]!, users[1]!]));
  assertEquals(database.standings(users[1]!).map((standing) => standing.room), [room]);
  assertEquals(database.page("general", { limit: 9 }).length, 1);
  database.close();
});
