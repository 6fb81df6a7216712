import { assertEquals, assertRejects } from "@std/assert";
import { engineTest } from "./engine_server.ts";
import { POSTGRES, type PostgresServer } from "./postgres_server.ts";
import { REDIS, type RedisServer } from "./redis_server.ts";

for (const password of [false, true]) {
  engineTest(
    `the server of an engine keeps its data when it is killed, ${
      password ? "with" : "without"
    } a password`,
    [POSTGRES, REDIS],
    async (engine) => {
      await using server = await engine.start({ password });
      const database = await server.createDatabase();
      if (engine === POSTGRES) {
        const postgres = server as PostgresServer;
        await postgres.query(
          "CREATE TABLE kept (number int); INSERT INTO kept VALUES (1)",
          database,
        );
        await server.cut();
        await server.kill();
        await assertRejects(() => postgres.query("SELECT 1"));
        await server.restart();
        assertEquals(await postgres.query("SELECT * FROM kept", database), "1\n");
      } else {
        const redis = server as RedisServer;
        await redis.query(["SET", "kept", "1"], database);
        await server.cut();
        await server.kill();
        await assertRejects(() => redis.query(["PING"]));
        await server.restart();
        assertEquals(await redis.query(["GET", "kept"], database), "1");
      }
      server.freeze();
      server.thaw();
    },
  );
}
