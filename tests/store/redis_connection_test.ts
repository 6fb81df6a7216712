import { assert, assertEquals, assertRejects } from "@std/assert";
import { RedisConnection } from "../../lib/store/redis_connection.ts";
import { parseRedisUrl } from "../../lib/store/redis_url.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { type EngineServer, engineSuite } from "../helpers/engine_server.ts";
import { open } from "../helpers/redis_database.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { append, send, seqs } from "./drafts.ts";

function connect(server: EngineServer, silentLooks = 2, pings = false) {
  const downs: string[] = [];
  let ups = 0;
  const connection = new RedisConnection({
    address: parseRedisUrl(server.url()),
    silentLooks,
    pings,
    prepare: () => Promise.resolve(),
    onUp: () => ups++,
    onDown: (reason) => downs.push(reason),
  });
  return { connection, downs, ups: () => ups };
}

async function until(isSo: () => boolean): Promise<number> {
  const startedAt = Date.now();
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
  return Date.now() - startedAt;
}

engineSuite(REDIS, (server) => {
  Deno.test("a connection to Redis answers commands in order, and passes on refusals", async () => {
    const { connection } = connect(server());
    await connection.ready;
    const answers = [["SET", "a", "1"], ["INCR", "a"], ["GET", "a"]].map((c) => connection.send(c));
    assertEquals(await Promise.all(answers), ["OK", 2, "2"]);
    const refused = await assertRejects(() => connection.send(["NEVER"]), Error, "ERR unknown");
    assert(!(refused instanceof StoreUnavailableError));
    await connection.close();
    await assertRejects(() => connection.send(["PING"]), StoreUnavailableError, "is closed");
  });

  Deno.test("a connection to Redis that is cut rejects what is under way, and is made again", async () => {
    const { connection, downs, ups } = connect(server());
    await connection.ready;
    const waiting = assertRejects(
      () => connection.send(["BLPOP", "nothing", "0"]),
      StoreUnavailableError,
      "was lost",
    );
    await server().cut();
    await waiting;
    await assertRejects(
      () => connection.send(["PING"]),
      StoreUnavailableError,
      "cannot be made",
    );
    const ms = await until(() => ups() === 2);
    assert(ms < 1000, `it took ${ms} ms`);
    assertEquals(await connection.send(["PING"]), "PONG");
    assertEquals(downs.length, 1);
    await connection.close();
  });

  Deno.test("a connection to Redis that is paused is given up, and there again when it goes on", async () => {
    const { connection, ups } = connect(server());
    await connection.ready;
    server().freeze();
    const startedAt = Date.now();
    await assertRejects(() => connection.send(["PING"]), StoreUnavailableError, "does not answer");
    const rejectedMs = Date.now() - startedAt;
    assert(rejectedMs < 3_500, `it took ${rejectedMs} ms`);
    // It takes connections, and says nothing.
    await assertRejects(
      () => connection.send(["PING"]),
      StoreUnavailableError,
      "cannot be made",
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    server().thaw();
    const ms = await until(() => ups() === 2);
    assert(ms < 4_000, `it took ${ms} ms`);
    assertEquals(await connection.send(["PING"]), "PONG");
    await connection.close();
  });

  Deno.test("a connection to Redis that pings notices by itself that it is paused", async () => {
    const { connection, downs } = connect(server(), 2, true);
    await connection.ready;
    server().freeze();
    await until(() => downs.length > 0);
    server().thaw();
    assertEquals(downs[0], "It does not answer");
    await connection.close();
  });

  Deno.test("a connection to Redis says that there is no server, and goes on looking for one", async () => {
    await server().kill();
    const [one, two] = [connect(server()), connect(server())];
    await assertRejects(
      () => one.connection.ready,
      StoreUnavailableError,
      "Cannot use Redis at 127",
    );
    await one.connection.close();
    await assertRejects(() => two.connection.send(["PING"]), StoreUnavailableError);
    await server().restart();
    await until(() => two.ups() === 1);
    assertEquals(await two.connection.send(["PING"]), "PONG");
    await two.connection.close();
    assertEquals(one.ups(), 0);
  });

  Deno.test("a store in Redis that is paused for a while answers what was called", async () => {
    const store = await open(server().url("1"));
    server().freeze();
    const appended = append(store, send());
    await new Promise((resolve) => setTimeout(resolve, 500));
    server().thaw();
    assertEquals(seqs([await appended]), [1]);
    await store.close();
  });
});
