import { FakeTime } from "@std/testing/time";
import { ServerTimers } from "./server_timers.ts";

/** When each run begins, in milliseconds since 1970. */
export const START = Date.UTC(2026, 0, 1);

const realNow = performance.now;

/**
 * Fake time that moves from timer to timer, with all promises run to their end in between.
 *
 * It tells the simulation's own timers from those of the server.
 */
export class Clock implements Disposable {
  readonly #time = new FakeTime(START);
  readonly #serverTimers = new ServerTimers();
  readonly #held = new Set<Promise<unknown>>();
  #pending = 0;

  /** Time is faked until it is disposed of, `performance.now()` with it. */
  constructor() {
    performance.now = () => this.now - START;
  }

  /** Brings back real time. */
  [Symbol.dispose](): void {
    performance.now = realNow;
    this.#time.restore();
  }

  /** How many timers the server has. */
  get serverTimers(): number {
    return this.#serverTimers.count;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#time.now;
  }

  /** Whether nothing is left of what {@linkcode Clock.after} was asked for. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  /** Does something of the simulation's own after a time: such timers are not the server's. */
  after(ms: number, work: () => void): void {
    this.#pending++;
    this.#serverTimers.setUncounted(() => {
      this.#pending--;
      work();
    }, ms);
  }

  /** Lets no time pass until work is done that takes real time. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    const done = () => this.#held.delete(work);
    work.then(done, done);
    return work;
  }

  /** Goes on to the next timer; `false` if there is none. */
  async step(): Promise<boolean> {
    const moved = this.#time.next();
    // Not faked: comes when no promise has anything left to do.
    do await new Promise<void>((resolve) => setImmediate(resolve)); while (await this.#release());
    return moved;
  }

  /** Whether something has held the time until now. */
  async #release(): Promise<boolean> {
    if (this.#held.size === 0) return false;
    await Promise.allSettled(this.#held);
    return true;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    let over = false;
    this.after(ms, () => over = true);
    while (!over) await this.step();
  }

  /** Lets as much time pass as work takes. */
  async during<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = work.finally(() => done = true);
    finished.catch(() => {});
    while (!done && await this.step());
    if (!done) throw new Error("Cannot go on: work waits for a timer that is not there");
    return await finished;
  }
}
