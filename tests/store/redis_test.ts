import { assert, assertEquals, assertRejects } from "@std/assert";
import { openRedis } from "../../lib/store/redis.ts";
import { RedisLog } from "../../lib/store/redis_log.ts";
import { MISSING } from "../../lib/store/redis_script.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { keep, keepLines, look, open, prefixed } from "../helpers/redis_database.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { storeContract, type TestDatabase } from "./contract.ts";
import { append, edit, react, remove, send, seqs } from "./drafts.ts";
import { ALICE, BOB, enter, LONG_MS } from "./people.ts";

/** A user who may do what the documentation asks for, and nothing else. */
const RIGHTS = ["~parley*", "&parley*", "+@all", "-@dangerous", "-@admin"];

engineSuite(REDIS, (server) => {
  storeContract("Redis", prefixed(() => server().url()));

  Deno.test("Redis holds nothing of a text that was deleted, or of an older one", async () => {
    const url = `${server().url("1")}`;
    const store = await open(url);
    const [gone, changed] = [send({ text: "5ecret" }), send({ text: "5ecret" })];
    await store.append([gone, changed, react(gone.id, "👍"), edit(gone.id, "a 5ecret")]);
    await store.append([remove(gone.id), edit(changed.id, "0pen")]);
    await store.close();
    const all = await look(url, async (run) => {
      const keys = await run("KEYS", "*") as string[];
      return await Promise.all(keys.map((key) => run("DUMP", key)));
    });
    const [hidden, open_] = ["5ecret", "0pen"].map((word) => JSON.stringify(all).includes(word));
    assertEquals([hidden, open_], [false, true]);
  });

  Deno.test("Redis leaves no key of a message that is not kept", async () => {
    const url = server().url("2");
    const store = await open(url);
    const gone = send({ nonce: "n" });
    await store.append([gone, react(gone.id, "👍"), edit(gone.id, "again"), send()]);
    await store.prune({ sentBefore: 0, perRoom: 1 }, "");
    await store.close();
    const keys = await look(url, (run) => run("KEYS", "*")) as string[];
    assertEquals(keys.filter((key) => key.includes(gone.id) || key.includes("nonces")), []);
  });

  Deno.test("Redis keeps stores with different prefixes apart", async () => {
    const [one, two] = await Promise.all(
      ["one:", "two:"].map((prefix) => open(server().url(), "i", prefix)),
    );
    await append(one!, send());
    assertEquals((await two!.heads(["general"])).heads[0]?.seq, 0);
    await Promise.all([one!.close(), two!.close()]);
  });

  Deno.test("Redis goes on when its scripts are flushed while it is used", async () => {
    const store = await open(server().url("3"));
    const appended: Promise<number>[] = [];
    await look(server().url(), async (run) => {
      for (let round = 0; round < 20; round++) {
        for (let i = 0; i < 10; i++) {
          appended.push(append(store, send()).then((one) => seqs([one])[0]!));
        }
        await run("SCRIPT", "FLUSH");
      }
    });
    // Each comes in the order in which it was called for.
    assertEquals(await Promise.all(appended), Array.from({ length: 200 }, (_, i) => i + 1));
    await store.close();
  });

  Deno.test("Redis that was emptied begins another log, and keeps the key of tokens", async () => {
    const url = server().url("4");
    const [store, other] = await Promise.all([open(url), open(url)]);
    const secret = await store.secret();
    const { epoch } = await store.heads([]);
    await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]);
    await store.append([send(), send()]);
    await look(url, (run) => run("FLUSHDB"));
    assertEquals(seqs(await store.append([send()])), [1]);
    const pulse = await store.beat({ instance: "i1", leaseMs: LONG_MS, rooms: ["general"] });
    assert(pulse.epoch !== epoch);
    assertEquals([pulse.held, pulse.heads[0]?.seq], [false, 1]);
    assertEquals(await store.connect("i1", [{ user: ALICE, keepMs: LONG_MS }]), [true]);
    assertEquals((await other.heads([])).epoch, pulse.epoch);
    assertEquals([await store.secret(), await other.secret()], [secret, secret]);
    assertEquals((await other.rooms()).map(({ room }) => room), ["general"]);
    await Promise.all([store.close(), other.close()]);
  });

  Deno.test("Redis that is full says that it is unavailable, and goes on when it is not", async () => {
    const url = server().url("5");
    const store = await open(url);
    await append(store, send());
    await look(url, async (run) => {
      await run("CONFIG", "SET", "maxmemory", "1");
      await assertRejects(() => append(store, send()), StoreUnavailableError, "OOM");
      assertEquals((await store.page("general", { limit: 9 })).length, 1);
      await run("CONFIG", "SET", "maxmemory", "0");
    });
    assertEquals(seqs([await append(store, send())]), [2]);
    await store.close();
  });

  Deno.test("Redis that became a replica is left, and is come back to as a primary", async () => {
    const url = server().url("6");
    const store = await open(url);
    await append(store, send());
    await look(url, async (run) => {
      await run("REPLICAOF", "127.0.0.1", "1");
      await assertRejects(() => append(store, send()), StoreUnavailableError);
      await pause(300);
      await assertRejects(() => store.page("general", { limit: 1 }), StoreUnavailableError);
      await run("REPLICAOF", "NO", "ONE");
    });
    await untilAnswers(() => store.heads([]));
    assertEquals(seqs([await append(store, send())]), [2]);
    await store.close();
  });

  Deno.test("Redis does nothing for a connection that was given up and comes late", async () => {
    const url = server().url("7");
    const store = await open(url);
    await append(store, send());
    await look(url, async (run) => {
      const passes = () => run("KEYS", "parley:pass:*") as Promise<string[]>;
      const [old] = await passes();
      await run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await untilAnswers(() => store.heads([]));
      const now = await passes();
      assertEquals([now.length, now.includes(old!)], [1, false]);
      const [script] = RedisLog.scripts;
      const fields = ["c", "{", "message_deleted", "general", '"id"', "", "", "", "", "", ""];
      const ask = (pass: string) => run("EVALSHA", script!.sha, "2", "parley:", pass, ...fields);
      await assertRejects(() => ask(old!), Error, MISSING);
      assertEquals(await ask(now[0]!), ["not_found"]);
      // A pass that has ended is asked for anew.
      await run("DEL", now[0]!);
      assertEquals(seqs([await append(store, send())]), [2]);
    });
    await store.close();
  });

  Deno.test("Redis with the data of a newer release is left as it is", async () => {
    const url = server().url("8");
    await look(url, (run) => run("SET", "parley:version", "99"));
    await assertRejects(() => open(url), Error, "A newer release made its data, version 99");
    assertEquals(await look(url, (run) => run("KEYS", "*")), ["parley:version"]);
  });

  Deno.test("Redis says what it would lose", async () => {
    const { lines, log } = keepLines();
    const store = await openRedis(server().url(), { prefix: "p:", instance: "i", log });
    await store.close();
    assert(lines[0]?.startsWith("Redis loses what it acknowledged when it ends"), lines[0]);
  });
});

engineSuite(REDIS, (server) => {
  const address = () => server().url().replace(/\/\/[^@]*@/, "//parley:p%40ss@");

  let made: Promise<unknown> | undefined;
  const makeUser = () =>
    look(server().url(), (run) => run("ACL", "SETUSER", "parley", "on", ">p@ss", ...RIGHTS));

  async function ofAclUser(): Promise<TestDatabase> {
    const prefix = `parley-${crypto.randomUUID().slice(0, 8)}:`;
    await (made ??= makeUser());
    return {
      open: () => open(address(), "i", prefix),
      keep: () => keep(server().url(), prefix),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  storeContract("Redis, for a user with few rights,", ofAclUser);

  Deno.test("Redis takes the password of the default user", async () => {
    const store = await open(server().url());
    await store.move("i1", [enter(BOB)]);
    await store.close();
  });

  Deno.test("Redis tells no password of those that it refuses", async () => {
    const { lines, log } = keepLines();
    const url = server().url();
    const wrong = [
      url.replace(/\/\/[^@]*@/, "//"),
      url.replace(/\/\/[^@]*@/, "//:wr0ng@"),
      url.replace(/\/\/[^@]*@/, "//nobody:wr0ng@"),
    ];
    for (const url of wrong) {
      const opening = () => openRedis(url, { prefix: "p:", instance: "i", log });
      const { message } = await assertRejects(opening, Error, "Cannot use Redis at 127.0.0.1:");
      assert(!message.includes("wr0ng"), message);
    }
    assertEquals(lines, []);
  });
}, { durable: false, password: true });

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function untilAnswers(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await ask().then(() => true, () => false)) return;
    await pause(50);
  }
  throw new Error("It does not come back");
}
