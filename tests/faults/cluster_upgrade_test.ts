import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { engineTest } from "../helpers/engine_server.ts";
import { POSTGRES, PostgresServer } from "../helpers/postgres_server.ts";
import { ROOT } from "../helpers/process.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { BEFORE, Release } from "../helpers/release.ts";
import { Cluster } from "./cluster.ts";
import { restartOneAfterTheOther } from "./cluster_restarts.ts";
import { Crowd } from "./crowd.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import { replayable } from "./seed.ts";

const PEOPLE = 30;

const isKnown = Release.isKnown(BEFORE);
/** The release before answers an upgrade with headers, which Deno 2.5 cannot send. */
const runsHere = !Deno.version.deno.startsWith("2.5.");
if (!isKnown) console.warn("SKIPPED: the rollover of a release. This clone has no history.");

engineTest(
  "instances of the release before are replaced by this one, one after the other, under load",
  isKnown && runsHere ? [POSTGRES, REDIS] : [],
  (kind) =>
    replayable(async (random, seed) => {
      await using release = await Release.checkOut(BEFORE);
      await using cluster = await Cluster.start(kind, random, release.folder);
      using crowd = await Crowd.enter(cluster.balancer, PEOPLE, seed);
      const schema = await schemaVersion(cluster);
      await restartOneAfterTheOther(cluster, crowd, ROOT);
      if (schema !== undefined) {
        assertEquals(schema, 1);
        assert(
          (await schemaVersion(cluster))! > schema,
          "the first one brings the schema up to date",
        );
      }
      checkDurability(crowd.clients, await readTruth(cluster.engine.url(), crowd.clients));
      assertNotMatch(cluster.complaints, / ERROR /, "nothing failed that was not expected to");
    }),
);

/** How many steps of the schema have been made, where there is one. */
async function schemaVersion({ engine }: Cluster): Promise<number | undefined> {
  if (!(engine instanceof PostgresServer)) return undefined;
  return Number(await engine.query("SELECT value FROM parley.meta WHERE key = 'version'"));
}
