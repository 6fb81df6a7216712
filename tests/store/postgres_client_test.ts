import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { PostgresClient } from "../../lib/store/postgres_client.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";

/** Nothing listens there. */
const NOWHERE = "postgres://parley:5ecret@127.0.0.1:1/parley";

const ONE = "SELECT 1 AS one";

const pause = (ms?: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("PostgresClient says that nobody can be reached, and nothing of the password", async () => {
  const client = new PostgresClient(NOWHERE, { max: 2 });
  const error = await assertRejects(() => client.rows(ONE), StoreUnavailableError);
  assert(!Deno.inspect(error).includes("5ecret"));
  await client.close();
  await assertRejects(() => client.rows(ONE), StoreUnavailableError, "The store is closed");
});

Deno.test("PostgresClient quotes nothing of an address that is none", () => {
  for (
    const address of [
      "postgres://a:5ecret@h:70000000/x",
      "postgres://a:5ecret@/x",
      "postgres://a:5ecret@h/x?sslmode=5ecret%20",
    ]
  ) {
    const error = assertThrows(() => new PostgresClient(address, { max: 1 }));
    assert(!String(error).includes("a:5ecret"), String(error));
  }
});

engineSuite(POSTGRES, (server) => {
  Deno.test("PostgresClient gives numbers as numbers", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    assertEquals(await client.row("SELECT $1::bigint AS big, 2::int AS small", [2 ** 40]), {
      big: 2 ** 40,
      small: 2,
    });
    await client.close();
  });

  Deno.test("PostgresClient tells the program's own errors from those of the engine", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    const error = await assertRejects(() => client.rows("SELECT 1 +"));
    assert(!(error instanceof StoreUnavailableError));
    for (const code of ["53100", "57P01", "55P03", "25006", "58030"]) {
      const raise = `DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '${code}'; END $$`;
      await assertRejects(() => client.rows(raise), StoreUnavailableError, "as told");
    }
    await client.close();
  });

  Deno.test("PostgresClient tries a transaction again that fell behind others, and not for ever", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    await client.rows("CREATE SEQUENCE public.tries");
    const fail = (until: number) =>
      `DO $$ BEGIN IF nextval('public.tries') < ${until} THEN RAISE EXCEPTION 'behind' USING ERRCODE = '40P01'; END IF; END $$`;
    await client.rows(fail(3));
    assertEquals(await client.row("SELECT last_value FROM public.tries"), { last_value: 3 });
    await assertRejects(() => client.rows(fail(1000)), StoreUnavailableError, "behind");
    await client.rows("DROP SEQUENCE public.tries");
    await client.close();
  });

  Deno.test("PostgresClient asks over new connections when its own are cut", async () => {
    const client = new PostgresClient(server().url(), { max: 2 });
    await Promise.all([client.rows(ONE), client.rows(ONE)]);
    await server().cut();
    const late = performance.now() + 5000;
    while (
      !await client.rows(ONE).then(() => true, (error) => {
        assert(error instanceof StoreUnavailableError && performance.now() < late);
      })
    );
    await client.close();
  });

  Deno.test("PostgresClient has an answer to the call after one whose connection was cut", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    const other = new PostgresClient(server().url(), { max: 1 });
    for (let round = 0; round < 10; round++) {
      const session = await client.row<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      const ended = other.rows(`SELECT pg_terminate_backend(${session!.pid}, 2000)`);
      await pause();
      // It is on its way, and the connection has ended when the event loop turns next.
      const until = performance.now() + 100;
      while (performance.now() < until);
      await client.rows(ONE).catch(() => {});
      await ended;
      await pause(10);
      assertEquals(await client.row(ONE), { one: 1 });
    }
    await Promise.all([client.close(), other.close()]);
  });

  Deno.test("PostgresClient says at once that a connection was cut to which a statement was being written", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    const other = new PostgresClient(server().url(), { max: 1 });
    const cut = await cutterOf(client, other);
    const sleeping = client.rows("SELECT pg_sleep(30)");
    await pause(10);
    // The server does not read it, and so it resets the connection.
    const unread = client.rows(ONE);
    await cut();
    // It is so long that the driver writes it at once.
    const long = client.rows(`${ONE} -- ${"x".repeat(1024)}`);
    const cutAt = performance.now();
    const calls = [sleeping, unread, long];
    await Promise.all(calls.map((call) => assertRejects(() => call, StoreUnavailableError)));
    assert(performance.now() - cutAt < 1000);
    assertEquals(await client.row(ONE), { one: 1 });
    await Promise.all([client.close(), other.close()]);
  });

  Deno.test("PostgresClient asks over a new connection what waited for one that was cut", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    const other = new PostgresClient(server().url(), { max: 1 });
    const cut = await cutterOf(client, other);
    await cut();
    // The driver sends nothing after a statement with arguments that it does not know.
    const first = client.rows("SELECT $1::int", [1]);
    const waiting = client.row(ONE);
    await assertRejects(() => first, StoreUnavailableError);
    assertEquals(await waiting, { one: 1 });
    await Promise.all([client.close(), other.close()]);
  });

  Deno.test("PostgresClient undoes a transaction whose connection is cut, in a statement or between two", async () => {
    const client = new PostgresClient(server().url(), { max: 1 });
    await client.rows("CREATE TABLE public.step (number int)");
    for (const isAsked of [true, false]) {
      const transaction = client.transact(async (ask) => {
        await ask("INSERT INTO public.step VALUES (1)");
        const cutting = cutOthers(client);
        await (isAsked ? ask("SELECT pg_sleep(30)") : cutting);
        await ask("INSERT INTO public.step VALUES (2)");
      });
      await assertRejects(() => transaction);
      assertEquals(await client.row("SELECT count(*)::int AS count FROM public.step"), {
        count: 0,
      });
    }
    await client.close();
  });

  Deno.test("PostgresClient gives up on a server that is stopped, and goes on when it is continued", async () => {
    const client = new PostgresClient(server().url(), { max: 2, deadlineMs: 300 });
    await Promise.all([client.rows(ONE), client.rows(ONE)]);
    server().freeze();
    try {
      for (let i = 0; i < 3; i++) {
        const asked = performance.now();
        await assertRejects(() => client.rows(ONE), StoreUnavailableError, "does not answer");
        assert(performance.now() - asked < 1000);
      }
    } finally {
      server().thaw();
    }
    const late = performance.now() + 5000;
    while (!await client.rows(ONE).then(() => true, () => false)) {
      assert(performance.now() < late, "it does not come back");
    }
    await client.close();
  });

  Deno.test("PostgresClient lets nobody wait longer whom it asks for over a new connection", async () => {
    const client = new PostgresClient(server().url(), { max: 1, deadlineMs: 600 });
    server().freeze();
    try {
      const first = assertRejects(() => client.rows(ONE), StoreUnavailableError);
      await pause(20);
      const asked = performance.now();
      await assertRejects(() => client.rows(ONE), StoreUnavailableError, "does not answer");
      assert(performance.now() - asked < 1000);
      await first;
    } finally {
      server().thaw();
    }
    await client.close();
  });
}, { durable: false, password: true });

/** What ends the connection that a client has, and resolves before the event loop turns, when it would be known here. */
async function cutterOf(
  client: PostgresClient,
  other: PostgresClient,
): Promise<() => Promise<void>> {
  const session = await client.row<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await other.row(ONE);
  return async () => {
    other.rows(`SELECT pg_terminate_backend(${session!.pid}) FROM pg_sleep(0.2)`);
    await pause(10);
    const until = performance.now() + 250;
    while (performance.now() < until);
  };
}

/** Ends all connections to the database but the one that is asked to, and waits until that is known here. */
async function cutOthers(client: PostgresClient): Promise<void> {
  await pause(50);
  await client.rows(`
    SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  await pause(50);
}
