import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { FullLog } from "./full_log.ts";
import type { Random } from "./random.ts";
import type { Trace } from "./trace.ts";
import type { Truth } from "./truth.ts";

/** What everything in one run shares. */
export interface World {
  /** What makes time pass. */
  readonly clock: Clock;
  /** The one source of all chance. */
  readonly random: Random;
  /** What goes wrong. */
  readonly faults: Faults;
  /** The truth. */
  readonly truth: Truth;
  /** All that the truth has ever held. */
  readonly log: FullLog;
  /** What happened. */
  readonly trace: Trace;
}
