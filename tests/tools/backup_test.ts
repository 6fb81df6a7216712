import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "../../lib/store/sqlite.ts";
import { backUp, CAN_COPY } from "../../lib/store/sqlite_copy.ts";
import { TemporaryFolder } from "../helpers/process.ts";
import { runTool } from "../helpers/tool.ts";
import { append, remove, send } from "../store/drafts.ts";

const SYNC = { sync: "normal" } as const;
/** Where a database can be copied. */
const test = CAN_COPY ? Deno.test : Deno.test.ignore;

test("backup copies a database that is in use, and says so", async () => {
  using folder = new TemporaryFolder();
  const store = await openSqlite(`${folder.path}/parley.db`, SYNC);
  const draft = send({ text: "worth keeping" });
  await append(store, draft);
  const file = `${folder.path}/copy.db`;
  const { code, stdout, stderr } = await runTool("backup", [file], folder.store);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Copied the database '.*\/parley\.db' to '.*\/copy\.db': .+\n$/);
  await append(store, send());

  const copy = await openSqlite(file, SYNC);
  const page = await copy.page("general", { limit: 10 });
  assertEquals(page.map(({ text }) => text), ["worth keeping"]);
  assertEquals(await copy.secret(), await store.secret());
  const epochs = [await copy.heads([]), await store.heads([])].map(({ epoch }) => epoch);
  assertNotEquals(epochs[0], epochs[1], "what is told there is not what was told here");
  await copy.close();
  assertEquals((await store.page("general", { limit: 10 })).length, 2);
  await store.close();
});

test("backup makes one file, which nobody else can read and which holds no deleted text", async () => {
  using folder = new TemporaryFolder();
  const path = `${folder.path}/parley.db`;
  const store = await openSqlite(path, SYNC);
  const [kept, gone] = [send({ text: "Kept in the file" }), send({ text: "Gone from the file" })];
  await store.append([kept, gone, remove(gone.id)]);
  await Deno.mkdir(`${folder.path}/copies`);
  const file = `${folder.path}/copies/copy.db`;
  await backUp(path, file);
  assertEquals([...Deno.readDirSync(`${folder.path}/copies`)].map(({ name }) => name), ["copy.db"]);
  if (Deno.build.os !== "windows") assertEquals(Deno.statSync(file).mode! & 0o777, 0o600);
  const bytes = new TextDecoder("latin1").decode(await Deno.readFile(file));
  assert(bytes.includes("Kept in the file"));
  assert(!bytes.includes("Gone from the file"));
  await store.close();
});

test("backup shows one moment, whatever is written meanwhile", async () => {
  using folder = new TemporaryFolder();
  const path = `${folder.path}/parley.db`;
  const store = await openSqlite(path, SYNC);
  const text = "x".repeat(2000);
  const write = () => store.append(Array.from({ length: 200 }, () => send({ text })));
  for (let i = 0; i < 10; i++) await write();
  let isDone = false;
  const writing = (async () => {
    while (!isDone) await write();
  })();
  const file = `${folder.path}/copy.db`;
  await backUp(path, file);
  isDone = true;
  await writing;
  const copy = new DatabaseSync(file, { readOnly: true });
  const row = copy.prepare(`
    SELECT seq, messages, (SELECT count(*) FROM message) AS found, (SELECT max(pos) FROM message) AS last
    FROM room WHERE room = 'general'`).get() as Record<string, number>;
  copy.close();
  const { heads } = await store.heads(["general"]);
  assert(row.seq! >= 2000 && row.seq! <= heads[0]!.seq, `it was copied at ${row.seq}`);
  assertEquals([row.messages, row.found, row.last], [row.seq, row.seq, row.seq]);
  await store.close();
});

/** What cannot be backed up: the arguments, the store, and what is told. */
const REFUSED: Readonly<
  Record<string, [args: (folder: string) => string[], store: string | undefined, told: RegExp]>
> = {
  "to a file that is there": [
    (folder) => [`${folder}/taken.db`],
    undefined,
    /^Cannot make the backup '.*taken\.db': there is such a file already\n$/,
  ],
  "to a folder that is not there": [
    (folder) => [`${folder}/none/copy.db`],
    undefined,
    /^Cannot make the backup '.*copy\.db': .+\n$/,
  ],
  "without the name of a file": [() => [], undefined, /^Name one file: deno task backup FILE\n$/],
  "to two files": [() => ["a", "b"], undefined, /^Name one file: deno task backup FILE\n$/],
  "from a database that is not there": [
    (folder) => [`${folder}/copy.db`],
    "sqlite:FOLDER/none.db",
    /^Cannot back up the database '.*none\.db': .+\n$/,
  ],
  "from a file of another program": [
    (folder) => [`${folder}/copy.db`],
    "sqlite:FOLDER/taken.db",
    /^Cannot back up the database '.*taken\.db': .*not a database\n$/,
  ],
  "from a store in memory": [
    (folder) => [`${folder}/copy.db`],
    "memory:",
    /^Cannot copy the store "memory:" as it is no file of SQLite\n$/,
  ],
  "from a store that is none": [
    (folder) => [`${folder}/copy.db`],
    "nonsense",
    /^Cannot set PARLEY_STORE as it must be .+\n$/,
  ],
};

for (const [name, [args, store, told]] of Object.entries(REFUSED)) {
  test(`backup says in a sentence that it cannot copy ${name}`, async () => {
    using folder = new TemporaryFolder();
    const open = await openSqlite(`${folder.path}/parley.db`, SYNC);
    await open.close();
    await Deno.writeTextFile(`${folder.path}/taken.db`, "no database ".repeat(99));
    const setting = store?.replace("FOLDER", folder.path) ?? folder.store.PARLEY_STORE;
    const ended = await runTool("backup", args(folder.path), { PARLEY_STORE: setting });
    assertEquals([ended.code, ended.stdout], [1, ""]);
    assertMatch(ended.stderr, told);
    assertEquals(await Deno.readTextFile(`${folder.path}/taken.db`), "no database ".repeat(99));
    const files = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assertEquals(files.toSorted(), ["parley.db", "taken.db"]);
  });
}

Deno.test({
  name: "backup says in a sentence that this release of Deno cannot copy",
  ignore: CAN_COPY,
  async fn() {
    using folder = new TemporaryFolder();
    const store = await openSqlite(`${folder.path}/parley.db`, SYNC);
    await store.close();
    const ended = await runTool("backup", [`${folder.path}/copy.db`], folder.store);
    assertEquals([ended.code, ended.stdout], [1, ""]);
    assertMatch(ended.stderr, /^Cannot back up the database '.*': Deno 2\.5\.\d+ cannot copy it/);
    assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["parley.db"]);
  },
});
