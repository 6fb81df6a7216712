import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import type { EngineKind } from "../helpers/engine_server.ts";
import { ServerProcess } from "../helpers/process.ts";
import { CLUSTER_SETTINGS } from "./cluster.ts";

/** How long the engine is down, in milliseconds. */
const DOWN_MS = 3_000;
/** How long after its return an instance may take to listen, in milliseconds. */
const RETURN_MS = 5_000;

/** An instance that starts while its engine is down says that it waits, and can be ended; or listens when it is back. */
export async function waitForEngine(kind: EngineKind): Promise<void> {
  await using engine = await kind.start();
  await engine.kill();
  const settings = { ...CLUSTER_SETTINGS, PARLEY_STORE: engine.url() };
  await using waiting = new ServerProcess({ settings });
  await using unwanted = new ServerProcess({ settings });
  await Promise.all([waiting, unwanted].map((one) => one.written("stderr", /WARN .*/)));
  const { code, stdout } = await unwanted.end("SIGTERM");
  assertEquals({ code, stdout }, { code: 0, stdout: "" });

  await delay(DOWN_MS);
  assertEquals(waiting.output.stdout, "");
  await engine.restart();
  const backAt = performance.now();
  await waiting.written("stdout", /http:/);
  assert(performance.now() - backAt < RETURN_MS, "it listens soon");
  assertMatch(waiting.output.stderr, /wait/i);
  const [, port] = /:(\d+)\//.exec(waiting.output.stdout)!;
  await using person = await Client.joined(`ws://127.0.0.1:${port}/ws`, "Early");
  await person.say("Here we are");
}
