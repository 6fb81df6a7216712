/** Something that collects work in a turn of the event loop, and does it at the turn's end. */
export interface Flushable {
  /** Does what was collected. */
  flush(): void;
}

/** The order in which a tick flushes: the store gets to work, then rooms fill outboxes and the link, which leave. */
export type Stage = "store" | "room" | "outbox" | "link";

const STAGES: readonly Stage[] = ["store", "room", "outbox", "link"];

/**
 * Gathers the events of one turn of the event loop, so that they leave together.
 *
 * A tick comes right after the I/O phase. Not by timer: the shortest costs 1 ms.
 */
export class Tick {
  readonly #dirty: Record<Stage, Set<Flushable>> = {
    store: new Set(),
    room: new Set(),
    outbox: new Set(),
    link: new Set(),
  };
  readonly #schedule: (flush: () => void) => void;
  #scheduled = false;

  /** `schedule` runs a function at the end of this turn; tests pass their own. */
  constructor(schedule: (flush: () => void) => void = setImmediate) {
    this.#schedule = schedule;
  }

  /** Flushes `work` at the end of this turn, once, however often it is asked for. */
  request(stage: Stage, work: Flushable): void {
    this.#dirty[stage].add(work);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.flush());
  }

  /** Flushes everything now. */
  flush(): void {
    this.#scheduled = false;
    for (const stage of STAGES) {
      const dirty = this.#dirty[stage];
      // A set is walked in the order of insertion, with what is added on the way.
      for (const work of dirty) {
        dirty.delete(work);
        work.flush();
      }
    }
  }
}
