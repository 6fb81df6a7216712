import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { Balancer } from "../helpers/balancer.ts";
import { Client } from "../helpers/client.ts";
import { delay } from "../helpers/delay.ts";
import { engineTest } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { ServerProcess } from "../helpers/process.ts";
import type { Random } from "../simulation/random.ts";
import { Crowd } from "./crowd.ts";
import { deployed, KILLED_AFTER_MS, MEMORY_MIB, peakMib, withoutKv } from "./deploy_platform.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";

const PEOPLE = 40;
const EVICTIONS = 10;
/** How long an instance talks with people before it is evicted, at the least and at the most, in milliseconds. */
const LIFE_MS = [200, 1_200] as const;
/** How long people may take to get all answers and to hear of everything, in milliseconds. */
const PATIENCE_MS = 15_000;
/** How long a process of this test may live, in milliseconds. */
const LIFETIME_MS = 120_000;

engineTest(
  "on Deno Deploy ten evictions under load lose nothing that was acknowledged, and everyone comes back",
  [POSTGRES],
  (kind) =>
    replayable(async (random, seed) => {
      await using engine = await kind.start();
      const settings = {
        // As the platform names it: no PARLEY_STORE, and nothing of TLS.
        DATABASE_URL: engine.url(),
        PARLEY_MESSAGES_PER_SECOND: "0",
        PARLEY_MAX_REPLAY: "10000",
      };
      await using one = instance(random, settings);
      await using other = instance(random, settings);
      await one.start();
      await using router = new Balancer([one.url, other.url]);
      await router.knows(1);
      using crowd = await Crowd.enter(router, PEOPLE, seed);
      crowd.begin();
      for (let evictions = 0; evictions < EVICTIONS; evictions++) {
        const [old, fresh] = evictions % 2 === 0 ? [one, other] : [other, one];
        await delay(random.integer(...LIFE_MS));
        await fresh.start();
        await router.knows(2);
        await evict(old);
        await router.knows(1);
      }
      await crowd.rest(PATIENCE_MS);

      assert(crowd.seesItself(), "everyone sees everyone");
      const returns = crowd.clients.map(({ notes }) => notes.returns.length);
      assert(returns.every((count) => count > 0), "everyone was sent away, and came back");
      const closes = crowd.clients.flatMap(({ notes }) => notes.closes);
      assert(!closes.includes(1006), "nobody was cut off without a word");
      checkDurability(crowd.clients, await readTruth(engine.url(), crowd.clients));
      assertNotMatch(`${one.complaints}\n${other.complaints}`, / ERROR /);
    }),
);

Deno.test("without a database Deno Deploy keeps the chat in memory, and says what that means", async () => {
  await using server = await ServerProcess.listening(withoutKv());
  const response = await fetch(`${server.url}/readyz`);
  const { status, warning } = await response.json();
  assertEquals([response.status, status], [200, "ready"]);
  assertMatch(warning, /^No database is attached: what is said here is gone when this instance/);
  assert(server.output.stderr.includes(warning), "the log says so too");
  await using alice = await Client.joined(server.ws, "Alice");
  assertEquals((await alice.say("heard")).seq, 1);
  const { code, tookMs } = await server.end("SIGINT");
  assertEquals(code, 0);
  assert(tookMs < KILLED_AFTER_MS, `the end took ${tookMs} ms`);
});

function instance(random: Random, settings: Readonly<Record<string, string>>): RestartingServer {
  return new RestartingServer(random, { ...deployed(settings), lifetimeMs: LIFETIME_MS });
}

/** Ends an instance as the platform does: it is killed if it is still there in 5 s, and it never is. */
async function evict(server: RestartingServer): Promise<void> {
  const peak = await peakMib(server.process);
  assert(peak < MEMORY_MIB, `it took ${peak} MiB`);
  const killing = setTimeout(() => server.process.signal("SIGKILL"), KILLED_AFTER_MS);
  assertEquals(await server.stop("SIGINT"), 0, server.complaints);
  clearTimeout(killing);
}
