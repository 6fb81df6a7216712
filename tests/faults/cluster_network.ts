import { assert, assertEquals } from "@std/assert";
import { delay } from "../helpers/delay.ts";
import type { EngineKind, EngineServer } from "../helpers/engine_server.ts";
import { openHost, type RemoteHost } from "../helpers/remote_host.ts";
import { status } from "../helpers/status.ts";
import { Random } from "../simulation/random.ts";
import { CLUSTER_SETTINGS } from "./cluster.ts";
import { Crowd } from "./crowd.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import { RestartingServer } from "./restarting_server.ts";
import { replayable } from "./seed.ts";
import { soon } from "./soon.ts";
import { TirelessClient } from "./tireless_client.ts";

const PEOPLE_A_HOST = 10;
const CUT_MS = 20_000;
/** Within what time of the cut the instance says so: a beat, and how long it waits for its answer, in milliseconds. */
const NOTICE_MS = 10_000;
const RETURN_MS = 5_000;

/** One of two hosts is cut off from the engine for a while: it says so, keeps its people, and joins again without loss. */
export function rejoin(kind: EngineKind): Promise<void> {
  return replayable(async (random, seed) => {
    await using engine = await kind.start({ host: "0.0.0.0", password: true });
    await using near = await openHost(engine);
    await using far = await openHost(engine);
    await using kept = instanceAt(near, engine, random);
    await using cutOff = instanceAt(far, engine, random);
    await Promise.all([kept.start(), cutOff.start()]);

    using crowd = new Crowd([
      ...await enter(kept, "Near", seed),
      ...await enter(cutOff, "Far", seed + PEOPLE_A_HOST),
    ]);
    const farPeople = crowd.clients.slice(PEOPLE_A_HOST);
    await crowd.until(() => crowd.seesItself(), 5_000, "everyone at everyone");
    crowd.begin();
    await delay(1_000);
    await crowd.staysConnected(async () => {
      await far.cut();
      const over = delay(CUT_MS);
      await soon(untilReady(cutOff, 503), NOTICE_MS, "an instance that says that it is cut off");
      assertEquals(await status(`${cutOff.url}/healthz`), 200);
      assertEquals(await status(`${kept.url}/readyz`), 200);
      await crowd.until(
        () => farPeople.every(({ notes }) => notes.unavailable > 0),
        NOTICE_MS,
        "word to those who are cut off that the outcome is not known",
      );
      await over;
      await far.mend();
      const rested = crowd.rest(RETURN_MS);
      await soon(untilReady(cutOff, 200), RETURN_MS, "readiness");
      await rested;
    });
    const [one] = crowd.clients as [TirelessClient];
    assertEquals(one.notes.unavailable, 0, "who is at the other host notices nothing");
    assert(crowd.seesItself(), "nobody was taken for gone");
    checkDurability(crowd.clients, await readTruth(engine.url(), crowd.clients));
  });
}

function instanceAt(host: RemoteHost, engine: EngineServer, random: Random): RestartingServer {
  const settings = { ...CLUSTER_SETTINGS, HOST: host.address, PARLEY_STORE: host.url(engine) };
  return new RestartingServer(random, { settings, before: host.before });
}

function enter(place: RestartingServer, name: string, seed: number): Promise<TirelessClient[]> {
  const temper = { window: 1, paceMs: 600 };
  return Promise.all(
    Array.from(
      { length: PEOPLE_A_HOST },
      (_, i) => TirelessClient.start(place, `${name} ${i}`, new Random(seed + i), temper),
    ),
  );
}

async function untilReady({ url }: RestartingServer, wanted: 200 | 503): Promise<void> {
  while (await status(`${url}/readyz`) !== wanted) await delay(50);
}
