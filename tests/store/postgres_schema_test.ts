import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { openPostgres } from "../../lib/store/postgres.ts";
import { PostgresClient } from "../../lib/store/postgres_client.ts";
import { migrate, MIGRATIONS, SchemaError } from "../../lib/store/postgres_schema.ts";
import type { Store } from "../../lib/store/store.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { type EngineServer, engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { append, edit, react, remove, send, seqs } from "./drafts.ts";
import { ALICE, BOB } from "./people.ts";
import { administer, ask } from "./postgres_databases.ts";

const CONNECTIONS = { connections: 2 };

async function makeEmpty(server: EngineServer): Promise<string> {
  return server.url(await server.createDatabase());
}

async function epochOf(store: Store): Promise<string> {
  return (await store.heads([])).epoch;
}

engineSuite(POSTGRES, (server) => {
  Deno.test("PostgreSQL makes one schema for all who open an empty database at once", async () => {
    const url = await makeEmpty(server());
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => openPostgres(url, CONNECTIONS)),
    );
    assertEquals(new Set(await Promise.all(stores.map(epochOf))).size, 1);
    const appended = await Promise.all(stores.map((store) => append(store, send())));
    assertEquals(seqs(appended).toSorted(), [1, 2, 3, 4]);
    await Promise.all(stores.map((store) => store.close()));
  });

  Deno.test("PostgreSQL brings a schema up to date, once, while the release before works on", async () => {
    const url = await makeEmpty(server());
    const old = await openPostgres(url, CONNECTIONS);
    await append(old, send());
    const clients = Array.from({ length: 4 }, () => new PostgresClient(url, { max: 1 }));
    const steps = [
      ...MIGRATIONS,
      "ALTER TABLE message ADD COLUMN colour text; CREATE TABLE later (a int)",
    ];
    await Promise.all(clients.map((client) => migrate(client, steps, 1)));
    assertEquals(seqs([await append(old, send())]), [2]);
    await ask(url, "SELECT colour FROM parley.message, parley.later");
    const another = await openPostgres(url, CONNECTIONS);
    assertEquals((await another.page("general", { limit: 10 })).length, 2);
    await Promise.all([old, another, ...clients].map((one) => one.close()));
  });

  Deno.test("PostgreSQL leaves a schema alone that a newer release made and this one cannot know", async () => {
    const url = await makeEmpty(server());
    const client = new PostgresClient(url, { max: 1 });
    await migrate(client, [
      "CREATE TABLE parley.meta (key text PRIMARY KEY, value text)",
      ...Array(MIGRATIONS.length).fill("SELECT 1"),
    ], MIGRATIONS.length + 1);
    await assertRejects(() => migrate(client), SchemaError);
    await client.close();
    const error = await assertRejects(() => openPostgres(url, CONNECTIONS), Error);
    assert(!(error instanceof StoreUnavailableError));
    assertMatch(
      error.message,
      new RegExp(
        `^Cannot open the PostgreSQL database: a newer release .* version ${
          MIGRATIONS.length + 1
        },`,
      ),
    );
  });

  Deno.test("PostgreSQL keeps direct rooms and names, whatever a release does that knows nothing of them", async () => {
    const url = await makeEmpty(server());
    const client = new PostgresClient(url, { max: 1 });
    await migrate(client, MIGRATIONS.slice(0, 1));
    // What that release asks for, in its own words.
    const tell = (...calls: unknown[]) =>
      client.row("SELECT tell($1::text::json)", [JSON.stringify(calls)]);
    await tell(["reserve", "bob", BOB.id, 60_000]);
    const store = await openPostgres(url, CONNECTIONS);
    assertEquals(await store.holder("BOB"), { ...BOB, name: "bob" });
    await store.reserve(BOB, 60_000);
    assertEquals(await store.holder("BOB"), BOB);

    const { room } = await store.direct([ALICE, BOB]);
    await tell(["connect", "old", [{ key: "alice", user: ALICE.id, keepMs: 0 }]]);
    await tell(["move", "old", [{ room: "tea", user: ALICE.id, name: "Alice", on: true }]]);
    await tell(["withdraw", ALICE.id, room], ["withdraw", BOB.id, room]);
    await tell(["move", "old", [{ room: "tea", user: ALICE.id, name: "Alice", on: false }]]);
    await tell(["disconnect", "old", [ALICE.id]]);
    await client.row("UPDATE standing SET joined_at = 0 WHERE joined_at < now_ms()");
    await client.row("SELECT prune(0, 1000000, '')");
    for (const user of [ALICE, BOB]) {
      assertEquals((await store.standings(user)).map((standing) => standing.room), [room]);
    }
    await Promise.all([store, client].map((one) => one.close()));
  });

  Deno.test("PostgreSQL says why a database cannot be used, without the password", async () => {
    const url = new URL(server().url("nowhere"));
    const missing = await assertRejects(() => openPostgres(url.href, CONNECTIONS), Error);
    assertEquals(
      missing.message,
      `Cannot open the PostgreSQL database: database "nowhere" does not exist`,
    );
    url.password = "wr0ng";
    const refused = await assertRejects(() => openPostgres(url.href, CONNECTIONS), Error);
    assertMatch(refused.message, /password authentication failed/);
    assert(!Deno.inspect(refused).includes("wr0ng"));
  });

  Deno.test("PostgreSQL serves somebody with no rights beyond a schema of their own", async () => {
    const url = await makeEmpty(server());
    await ask(
      url,
      `CREATE ROLE guest LOGIN PASSWORD 'guest'; CREATE SCHEMA parley AUTHORIZATION guest`,
    );
    const own = new URL(url);
    [own.username, own.password] = ["guest", "guest"];
    const store = await openPostgres(own.href, CONNECTIONS);
    assertEquals(seqs([await append(store, send())]), [1]);
    await store.close();
    const [row] = await ask(url, "SELECT value FROM parley.meta WHERE key = 'server'");
    assertMatch(row!.value, /^\d{10,}\/[0-9A-F]{8}\/\d+\/\d+$/);
  });

  Deno.test("PostgreSQL gives the log of a copy another epoch, and that of a restarted server the same", async () => {
    const name = await server().createDatabase();
    const before = await openPostgres(server().url(name), CONNECTIONS);
    const epoch = await epochOf(before);
    await before.close();
    await administer(server(), `CREATE DATABASE ${name}_copy TEMPLATE ${name}`);
    const copy = await openPostgres(server().url(`${name}_copy`), CONNECTIONS);
    assertNotEquals(await epochOf(copy), epoch);
    await copy.close();
    await server().restart();
    const after = await openPostgres(server().url(name), CONNECTIONS);
    assertEquals(await epochOf(after), epoch);
    await after.close();
  });

  Deno.test("PostgreSQL goes over to a copy that took the place of the database while it was open", async () => {
    const name = await server().createDatabase();
    const url = server().url(name);
    const store = await openPostgres(url, CONNECTIONS);
    const epoch = await epochOf(store);
    await server().cut();
    await administer(
      server(),
      `CREATE DATABASE ${name}_copy TEMPLATE ${name}`,
      `DROP DATABASE ${name} WITH (FORCE)`,
      `ALTER DATABASE ${name}_copy RENAME TO ${name}`,
    );
    const beat = () => store.beat({ instance: "i1", leaseMs: 60_000, rooms: [] });
    const late = performance.now() + 10_000;
    let pulse;
    while (!(pulse = await beat().catch(() => undefined))) assert(performance.now() < late);
    assertNotEquals(pulse.epoch, epoch);
    await store.close();
  });

  Deno.test("PostgreSQL makes the schema anew that was taken from under it", async () => {
    const url = await makeEmpty(server());
    const store = await openPostgres(url, CONNECTIONS);
    const epoch = await epochOf(store);
    await store.append([send(), send()]);
    await ask(url, "DROP SCHEMA parley CASCADE");
    const answers = await Promise.all([
      append(store, send()),
      store.people("general"),
      append(store, send()),
    ]);
    assertEquals(seqs([answers[0], answers[2]]), [1, 2]);
    assertNotEquals(await epochOf(store), epoch);
    await store.close();
  });

  Deno.test("PostgreSQL holds nothing of a text that was deleted, changed or not kept, in any column", async () => {
    const url = await makeEmpty(server());
    const store = await openPostgres(url, CONNECTIONS);
    const [deleted, edited, old] = ["5ecret", "5ecret", "5ecret"].map((text) =>
      send({ text: `${text} word` })
    );
    await store.append([old!, deleted!, edited!, react(deleted!.id, "👍"), send({ text: "0pen" })]);
    await store.append([edit(edited!.id, "0pen"), remove(deleted!.id)]);
    await store.prune({ sentBefore: 0, perRoom: 3 }, "");
    const tables = await ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'parley'");
    let all = "";
    for (const { tablename } of tables) {
      all += JSON.stringify(await ask(url, `SELECT row_to_json(t) FROM parley.${tablename} t`));
    }
    assertEquals([all.includes("5ecret"), all.includes("0pen")], [false, true]);
    await store.close();
  });
}, { durable: false, password: true });
