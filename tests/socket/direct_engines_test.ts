import { assert, assertEquals } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { openDirect, signInAll } from "../helpers/directs.ts";
import { engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { startServer } from "../helpers/server.ts";

// Two instances of one process share a BroadcastChannel where the store is SQLite; here they share a server of each engine.
for (const [name, engine] of [["PostgreSQL", POSTGRES], ["Redis", REDIS]] as const) {
  engineSuite(engine, (server) => {
    Deno.test(`${name} carries to another instance that two people have a direct room`, async () => {
      const database = await server().createDatabase();
      const settings = { PARLEY_STORE: server().url(database) };
      await using first = await startServer(settings);
      await using second = await startServer(settings);
      const [alice, bob] = await signInAll(first, "Alice", "Bob");
      await using bobs = await Client.welcomed(second.ws, { token: bob.token });
      await using alices = await Client.welcomed(first.ws, { token: alice.token });
      const room = await openDirect(first, alice, "bob");
      await alices.join(room);
      const saidAt = Date.now();
      await alices.say("psst", room);
      const { newest, ...changed } = await bobs.next("room_changed");
      assert(Date.now() - saidAt < 1_000, `it took ${Date.now() - saidAt} ms`);
      assertEquals(
        [changed, newest.text],
        [{ type: "room_changed", room, with: alice.user, unread: 1, mentions: 0 }, "psst"],
      );
    });
  });
}
