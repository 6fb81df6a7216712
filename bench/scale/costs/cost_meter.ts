import { cpuMs, familyCpuMs } from "../../load/processes.ts";
import type { Row } from "../../scenarios/result.ts";

/** How long each thing is done over and over, in milliseconds: processor time is counted in steps of 10 ms. */
const LONG_MS = 1_200;
const SHORT_MS = 200;

/** Tells what things cost an engine, and this process, which does what instances do. */
export class CostMeter {
  /** What was measured. */
  readonly rows: Row[] = [];
  readonly #peer: string;
  readonly #pid: number;
  readonly #longMs: number;

  /** `peer` is the engine's name, and `pid` the first of its processes. */
  constructor(peer: string, pid: number, { quick }: { quick: boolean }) {
    this.#peer = peer;
    this.#pid = pid;
    this.#longMs = quick ? SHORT_MS : LONG_MS;
  }

  /**
   * Does something over and over; `once` tells how many things it has done, by which what it cost is divided.
   *
   * What `prepare` does each time before it counts for nothing.
   */
  async measure(
    name: string,
    once: () => Promise<number>,
    prepare?: () => Promise<void>,
  ): Promise<void> {
    let [things, engine, instance, ms] = [0, 0, 0, 0];
    while (ms < this.#longMs) {
      await prepare?.();
      const before = this.#used();
      const until = before.ms + (prepare ? 0 : this.#longMs);
      do things += await once(); while (performance.now() < until);
      const after = this.#used();
      engine += after.engine - before.engine;
      instance += after.instance - before.instance;
      ms += after.ms - before.ms;
    }
    const figures = {
      engine: engine * 1000 / things,
      instance: instance * 1000 / things,
      perSecond: things / ms * 1000,
    };
    const shown = Object.entries(figures).map(([key, value]) => `${key} ${value.toPrecision(3)}`);
    console.log(`  ${this.#peer}, ${name}: ${shown.join(", ")}`);
    this.rows.push({ peer: this.#peer, case: name, figures, runs: [figures] });
  }

  #used() {
    return {
      engine: familyCpuMs(this.#pid),
      instance: cpuMs(Deno.pid),
      ms: performance.now(),
    };
  }
}
