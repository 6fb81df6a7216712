import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { backUp, CAN_COPY, restore } from "../../lib/store/sqlite_copy.ts";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { openDatabase } from "../../lib/store/sqlite_schema.ts";
import { SqliteSearch } from "../../lib/store/sqlite_search.ts";
import { openSqlite } from "../../lib/store/sqlite.ts";
import type { SearchQuery } from "../../lib/store/store.ts";
import { edit, remove, send } from "./drafts.ts";
import { makeFile } from "./test_file.ts";

const SYNC = { sync: "normal" } as const;

/** A search for a word. */
function word(word: string): SearchQuery {
  return { terms: [{ words: [word], prefix: false }], directs: [], offset: 0, limit: 10 };
}

/** How far a database is indexed, and the words that stand in its index. */
function indexOf(path: string) {
  using db = new DatabaseSync(path);
  db.exec("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, word, row)");
  return {
    mark: db.prepare("SELECT value FROM meta WHERE key = 'indexed'").get()!.value,
    words: db.prepare("SELECT term FROM temp.vocabulary").all().map(({ term }) => term),
  };
}

/** Waits for something, for 10 s at the most. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const late = performance.now() + 10_000;
  while (!await isSo()) {
    assert(performance.now() < late, "it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("SQLite finds words whatever marks are on their letters", () => {
  const database = new SqliteDatabase(":memory:", SYNC);
  const texts = ["Café", "cafe", "CAFE\u0301", "Ångström"];
  database.append(texts.map((text) => send({ text })));
  for (const asked of ["cafe", "café", "CAFÉ", "cafe\u0301"]) {
    assertEquals(database.search(word(asked)).length, 3, asked);
  }
  assertEquals(database.search(word("angstrom")).map(({ text }) => text), ["Ångström"]);
  database.close();
});

Deno.test("SQLite indexes nothing while it appends, and 500 messages a step later", async () => {
  await using file = await makeFile();
  const database = new SqliteDatabase(file.path, SYNC);
  const drafts = Array.from({ length: 1200 }, (_, i) => send({ text: `word${i} every` }));
  database.transact("write", () => database.append([...drafts, remove(drafts[7]!.id)]));
  assertEquals(indexOf(file.path), { mark: 0, words: [] });
  const marks: unknown[] = [];
  do {
    database.index();
    marks.push(indexOf(file.path).mark);
  } while (database.isBehind);
  assertEquals(marks, [500, 1000, 1200]);
  assertEquals(indexOf(file.path).words.length, 1200);
  database.append([edit(drafts[8]!.id, "changed"), remove(drafts[9]!.id)]);
  const { words } = indexOf(file.path);
  assertEquals(words.filter((word) => /^(word[789]|changed)$/.test(String(word))), ["changed"]);
  database.close();
});

Deno.test("SQLite indexes by itself what nobody looks for", async () => {
  await using file = await makeFile();
  const store = await openSqlite(file.path, SYNC);
  await store.append([send({ text: "tea" })]);
  await until(() => indexOf(file.path).mark === 1);
  await store.close();
});

Deno.test("SQLite finds what a release wrote that knew no search", async () => {
  await using file = await makeFile();
  openDatabase(file.path, "normal").close();
  const before = new DatabaseSync(file.path);
  before.exec(`
    DROP TRIGGER word_of_changed; DROP TRIGGER word_of_removed; DROP TABLE word; DROP TABLE direct;
    ALTER TABLE name DROP COLUMN shown;
    DELETE FROM meta WHERE key = 'indexed'; PRAGMA user_version = 1`);
  const insert = before.prepare(`
    INSERT INTO message (room, pos, seq, id, user_id, username, text, time)
    VALUES ('general', :place, :place, 'id' || :place, 'alice', 'Alice', :text, :place)`);
  for (let place = 1; place <= 1234; place++) insert.run({ place, text: `tea ${place}` });
  before.close();
  const store = await openSqlite(file.path, SYNC);
  assertEquals((await store.search(word("1234")))?.map(({ text }) => text), ["tea 1234"]);
  assertEquals((await store.search(word("1")))?.length, 1);
  await store.close();
});

const withCopies = CAN_COPY ? Deno.test : Deno.test.ignore;

withCopies("SQLite searches the database that took the place of another one", async () => {
  await using file = await makeFile();
  const [backup, store] = [`${file.folder}/backup.db`, await openSqlite(file.path, SYNC)];
  await store.append([send({ text: "tea" })]);
  assertEquals((await store.search(word("tea")))?.length, 1);
  await backUp(file.path, backup);
  await store.append([send({ text: "tea again" })]);
  assertEquals((await store.search(word("tea")))?.length, 2);
  await restore(backup, file.path);
  await until(async () => (await store.page("general", { limit: 9 })).length === 1);
  assertEquals((await store.search(word("tea")))?.length, 1);
  await store.append([send({ text: "tea anew" })]);
  assertEquals((await store.search(word("anew")))?.length, 1);
  await store.close();
  assertEquals([...Deno.readDirSync(file.folder)].map(({ name }) => name).toSorted(), [
    "backup.db",
    "parley.db",
  ]);
});

Deno.test("SQLite keeps the index right whatever is changed before and after a step", async () => {
  await using file = await makeFile();
  const database = new SqliteDatabase(file.path, SYNC);
  let random = 7;
  const pick = (count: number) => (random = (random * 48_271) % 2_147_483_647) % count;
  const ids: string[] = [];
  for (let round = 0; round < 400; round++) {
    const room = "general";
    const draft = send({ room, text: `word${pick(20)} word${pick(20)}` });
    if (ids.length < 5 || pick(2) === 0) ids.push((database.append([draft]), draft.id));
    else if (pick(3) > 0) database.append([edit(ids[pick(ids.length)]!, `word${pick(20)}`)]);
    else database.append([remove(ids[pick(ids.length)]!)]);
    if (pick(5) === 0) database.index();
    if (pick(20) === 0) database.prune({ sentBefore: 0, perRoom: 30 }, "");
  }
  while (database.index());
  const kept = database.page("general", { limit: 1000 });
  for (let i = 0; i < 20; i++) {
    const holds = kept.filter(({ text }) => text?.split(" ").includes(`word${i}`));
    const found = database.search({ ...word(`word${i}`), limit: 1000 });
    assertEquals(found.map(({ id }) => id).toSorted(), holds.map(({ id }) => id).toSorted());
  }
  database.close();
  using db = new DatabaseSync(file.path);
  // Throws if the index does not hold just what the messages do.
  db.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 1)");
});

Deno.test("SqliteSearch gives up after 3 s", () => {
  const database = openDatabase(":memory:", "normal");
  database.exec(`
    INSERT INTO message (key, room, pos, seq, id, user_id, username, text, time)
    VALUES (1, 'general', 1, 1, 'id', 'alice', 'Alice', 'tea', 1);
    INSERT INTO word (rowid, text) VALUES (1, 'tea')`);
  const clock = { now: 0, step: 0 };
  const search = new SqliteSearch(database, () => clock.now += clock.step);
  clock.step = 1499;
  assertEquals(search.search(word("tea")).length, 1);
  clock.step = 3000;
  const error = assertThrows(() => search.search(word("tea")), Error, "more than 3000 ms");
  assertEquals((error as Error & { code?: string }).code, "ERR_SQLITE_ERROR");
  database.close();
});
