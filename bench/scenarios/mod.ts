import { fanout } from "./fanout.ts";
import { growth } from "./growth.ts";
import { idle } from "./idle.ts";
import { isolates } from "./isolates.ts";
import { latency } from "./latency.ts";
import { rooms } from "./rooms.ts";
import type { Scenario } from "./scenario.ts";
import { slowCommit } from "./slow_commit.ts";
import { slowReader } from "./slow_reader.ts";
import { storm } from "./storm.ts";

/** All that is measured, in the order in which it is shown. */
export const SCENARIOS: readonly Scenario[] = [
  fanout,
  latency,
  idle,
  rooms,
  storm,
  slowReader,
  isolates,
  growth,
  slowCommit,
];
