import { assertNotMatch } from "@std/assert";
import { engineTest } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { REDIS } from "../helpers/redis_server.ts";
import { Cluster } from "./cluster.ts";
import { outliveLeases } from "./cluster_lease.ts";
import { rejoin } from "./cluster_network.ts";
import {
  outliveCutConnections,
  outliveFrozenEngine,
  outliveKilledEngine,
} from "./cluster_outages.ts";
import { restartOneAfterTheOther } from "./cluster_restarts.ts";
import { waitForEngine } from "./cluster_start.ts";
import { talkAtAll } from "./cluster_talk.ts";
import { Crowd } from "./crowd.ts";
import { checkDurability } from "./durability_checks.ts";
import { readTruth } from "./engine_truth.ts";
import { replayable } from "./seed.ts";

const PEOPLE = 60;

const ENGINES = [POSTGRES, REDIS];

engineTest(
  "three instances over an engine are one chat, whatever becomes of the engine, and while they restart",
  ENGINES,
  (kind) =>
    replayable(async (random, seed) => {
      await using cluster = await Cluster.start(kind, random);
      using crowd = await Crowd.enter(cluster.balancer, PEOPLE, seed);
      await talkAtAll(cluster, crowd);
      await outliveCutConnections(cluster, crowd);
      await outliveKilledEngine(cluster, crowd);
      await outliveFrozenEngine(cluster, crowd);
      await restartOneAfterTheOther(cluster, crowd);
      checkDurability(crowd.clients, await readTruth(cluster.engine.url(), crowd.clients));
      assertNotMatch(cluster.complaints, / ERROR /, "nothing failed that was not expected to");
    }),
);

engineTest(
  "instances that are gone for a while, from an engine or with it, come back without loss",
  ENGINES,
  {
    "one was killed, and one was paused past its lease": outliveLeases,
    "one was cut off from its engine by the network": rejoin,
    "one was started while its engine was down": waitForEngine,
  },
);
