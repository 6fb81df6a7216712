import type { Peer } from "../peers/peer.ts";
import type { ScenarioResult } from "./result.ts";

/** How scenarios are to be run. */
export interface Settings {
  /** Short runs and few of them: good for a look. */
  readonly quick: boolean;
  /** What Parley is compared with, as far as it was asked for. */
  readonly peers: readonly Peer[];
  /** Takes the version of each server that was started, by its name. */
  readonly versions: Map<string, string>;
}

/** Something that is measured. */
export interface Scenario {
  /** As it is named on the command line. */
  readonly id: string;
  /** Measures it. */
  run(settings: Settings): Promise<ScenarioResult>;
}
