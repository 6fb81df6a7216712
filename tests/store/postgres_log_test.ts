import { assert, assertEquals } from "@std/assert";
import { openPostgres } from "../../lib/store/postgres.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { append, edit, react, send, seqs } from "./drafts.ts";
import { ask, makeDatabase } from "./postgres_databases.ts";
import { ALICE, BOB, enter, leave } from "./people.ts";

/** Entries of a list in an order of their own. */
function shuffled<T>(list: readonly T[]): T[] {
  return list.map((entry) => [Math.random(), entry] as const).toSorted(([a], [b]) => a - b)
    .map(([, entry]) => entry);
}

engineSuite(POSTGRES, (server) => {
  Deno.test("PostgreSQL lets four handles write to fifty rooms in any order, and numbers them without holes", async () => {
    await using database = await makeDatabase(server());
    const stores = await Promise.all(Array.from({ length: 4 }, () => database.open()));
    const rooms = Array.from({ length: 50 }, (_, i) => `room-${i}`);
    const rounds = 10;
    await Promise.all(stores.map(async (store, i) => {
      for (let round = 0; round < rounds; round++) {
        await Promise.all([
          store.append(shuffled(rooms).map((room) => send({ room, nonce: `${i} ${round}` }))),
          store.move(
            `i${i}`,
            shuffled(rooms).map((room) => (round % 2 ? leave : enter)(i % 2 ? ALICE : BOB, room)),
          ),
          store.mark(shuffled(rooms).map((room) => ({ userId: ALICE.id, room, seq: round }))),
          store.prune({ sentBefore: 1, perRoom: 1000 }, ""),
          store.beat({ instance: `i${i}`, leaseMs: 60_000, rooms }),
        ]);
      }
    }));
    const { heads } = await stores[0]!.heads(rooms);
    assertEquals(heads.map(({ seq }) => seq), rooms.map(() => stores.length * rounds));
    for (const room of rooms) {
      const page = await stores[0]!.page(room, { limit: 100 });
      assertEquals(page.map(({ pos }) => pos), Array.from({ length: 40 }, (_, pos) => pos + 1));
    }
    const [{ deadlocks }] = await ask(
      database.url,
      "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()",
    ) as unknown as [{ deadlocks: number }];
    assertEquals(deadlocks, 0);
    await Promise.all(stores.map((store) => store.close()));
  });

  Deno.test("PostgreSQL numbers what rests on each other in one append as if it came one by one", async () => {
    await using database = await makeDatabase(server());
    const store = await database.open();
    const first = send({ nonce: "a" });
    const reply = send({ reply_to: first.id, nonce: "b" });
    const drafts = [
      send({ reply_to: "nowhere", nonce: "c" }),
      first,
      reply,
      send({ nonce: "a" }),
      send({ reply_to: "nowhere", nonce: "b" }),
      send({ nonce: "c" }),
      edit(first.id, "changed"),
      react(reply.id, "👍"),
      react(reply.id, "👍"),
      send({ room: "tea", reply_to: first.id }),
      send({ room: "tea", nonce: "a" }),
      send({ user_id: BOB.id, nonce: "a" }),
    ];
    assertEquals(
      (await store.append(drafts)).map((one) => "change" in one ? one.change.seq : one),
      [
        { refused: "not_found" },
        1,
        2,
        { repeats: { id: first.id, seq: 1 } },
        { repeats: { id: reply.id, seq: 2 } },
        3,
        4,
        5,
        { repeats: { id: reply.id, seq: 5 } },
        { refused: "not_found" },
        1,
        6,
      ],
    );
    await store.close();
  });

  Deno.test("PostgreSQL makes one transaction of what comes while another one is under way", async () => {
    await using database = await makeDatabase(server());
    const store = await database.open();
    await append(store, send());
    const count = async () => {
      const [row] = await ask(
        database.url,
        "SELECT count(DISTINCT xmin::text)::int AS transactions FROM parley.message",
      );
      return row!.transactions;
    };
    const before = await count();
    const appends = Array.from({ length: 100 }, () => append(store, send()));
    await Promise.all(appends);
    assert(await count() - before <= 2);
    await store.close();
  });

  Deno.test("PostgreSQL takes no draft along with one that it cannot take", async () => {
    await using database = await makeDatabase(server());
    const store = await database.open();
    const first = send();
    await append(store, first);
    // As no program does: another message with the same id.
    const settled = await Promise.allSettled([
      append(store, send()),
      append(store, { ...send(), id: first.id }),
      append(store, send()),
    ]);
    assertEquals(settled.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    assertEquals(seqs([await append(store, send())]), [4]);
    await store.close();
  });
});

Deno.test("PostgreSQL rejects with one sentence for the operator an address that is none", async () => {
  const error = await openPostgres("postgres://a:5ecret@h/x?sslmode=perhaps", { connections: 1 })
    .catch((error) => error);
  assertEquals(error.message, 'Cannot open the PostgreSQL database: there is no sslmode "perhaps"');
});
