import { assert, assertEquals } from "@std/assert";
import { engineTest } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { ServerProcess } from "../helpers/process.ts";

const WAITS = /WARN +The store cannot be reached yet: the start waits for it/;

engineTest("a start with the engine down waits for it, and says so", [POSTGRES], async (engine) => {
  await using server = await engine.start({ password: true, durable: false });
  await server.kill();
  for (const isolates of ["1", "2"]) {
    const settings = { PARLEY_STORE: server.url(), PARLEY_ISOLATES: isolates, PARLEY_LOG: "warn" };
    await using parley = new ServerProcess({ settings });
    await parley.written("stderr", WAITS);
    const { code, stdout, stderr, tookMs } = await parley.end();
    assertEquals({ code, stdout }, { code: 0, stdout: "" });
    assert(tookMs < 3000, `it took ${tookMs} ms to end`);
    assert(!stderr.includes("pass"), stderr);
  }
  const settings = { PARLEY_STORE: server.url(), PARLEY_ISOLATES: "2", PARLEY_LOG: "warn" };
  await using parley = new ServerProcess({ settings });
  await parley.written("stderr", WAITS);
  await server.restart();
  await parley.listens();
  const response = await fetch(`${parley.url}/readyz`);
  assertEquals([response.status, await response.json()], [200, { status: "ready" }]);
});
