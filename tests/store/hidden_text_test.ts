import { assert, assertEquals } from "@std/assert";
import { SqliteConnection } from "../../lib/store/sqlite_connection.ts";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { edit, react, remove, send } from "./drafts.ts";
import { ALICE } from "./people.ts";
import { makeFile } from "./test_file.ts";

/** What must not be found anywhere any more, and what must. */
const [SECRET, OPEN] = ["5ecret", "0pen"];

/** How a text goes. */
const ENDS: Readonly<Record<string, (database: SqliteDatabase, id: string) => void>> = {
  "a message that was deleted": (database, id) => void database.append([remove(id)]),
  "an older text of a message": (database, id) => void database.append([edit(id, OPEN)]),
  "a message that was edited and deleted": (database, id) =>
    void database.append([edit(id, `again ${SECRET}`), react(id, "👍"), remove(id)]),
  "a message that is not kept": (database) => {
    while (database.prune({ sentBefore: 0, perRoom: 1 }, "") !== undefined);
  },
};

/** Everything that a store tells of a room. */
function told(database: SqliteDatabase, id: string): string {
  return JSON.stringify([
    database.page("general", { limit: 1000 }),
    database.snapshot("general", 1000),
    database.changes("general", 0, 1000),
    database.changedSince("general", 0, 1000),
    database.message("general", id),
    database.standings(ALICE),
  ]);
}

/** Every value of every table. */
function stored(path: string): string {
  using db = new SqliteConnection(path);
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return JSON.stringify(tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM ${name}`);
    return rows.all();
  }));
}

for (const [name, end] of Object.entries(ENDS)) {
  for (const chars of [10, 1_000, 40_000]) {
    Deno.test(`SQLite holds nothing of ${name}, of ${chars} characters`, async () => {
      await using file = await makeFile();
      const database = new SqliteDatabase(file.path, { sync: "normal" });
      const text = (word: string) => `${word} `.repeat(Math.ceil(chars / word.length));
      // Among others, so that pages are split, merged and used again.
      const gone = Array.from({ length: 30 }, () => send({ text: text(SECRET) }));
      for (const draft of gone) {
        database.append([send({ text: text(OPEN) }), draft, send({ text: text(OPEN) })]);
      }
      while (database.index());
      for (const { id } of gone) end(database, id);
      database.append([send({ text: text(OPEN) })]);
      while (database.index());
      for (const { id } of gone) assert(!told(database, id).includes(SECRET));
      assert(told(database, gone[0]!.id).includes(OPEN));

      const values = stored(file.path);
      assertEquals([values.includes(SECRET), values.includes(OPEN)], [false, true]);
      // The last to close puts all into the one file.
      database.close();
      assertEquals([...Deno.readDirSync(file.folder)].map(({ name }) => name), ["parley.db"]);
      const bytes = new TextDecoder("latin1").decode(await Deno.readFile(file.path));
      assertEquals([bytes.includes(SECRET), bytes.includes(OPEN)], [false, true]);
    });
  }
}
