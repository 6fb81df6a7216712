import type { Clock } from "./clock.ts";

/**
 * All that crosses the border of an instance, in both directions, passes here: shut, the instance is one whose process
 * stands still; locked for good, one that died.
 *
 * What an instance does by its own timers meanwhile nobody can see.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #state: "open" | "shut" | "locked" = "open";

  /** It is open at first. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether nothing will ever pass again. */
  get locked(): boolean {
    return this.#state === "locked";
  }

  /** Lets something through now, or in its turn. */
  pass(work: () => void): void {
    if (this.#state === "open" && this.#waiting.length === 0) work();
    else if (!this.locked) this.#waiting.push(work);
  }

  /** Lets nothing through until it is opened. */
  shut(): void {
    if (!this.locked) this.#state = "shut";
  }

  /** Lets everything through that waits, one after the other, and all that comes behind it. */
  open(): void {
    if (this.#state !== "shut") return;
    this.#state = "open";
    this.#letNextThrough();
  }

  /** Lets nothing through any more. */
  lock(): void {
    this.#state = "locked";
    this.#waiting.length = 0;
  }

  #letNextThrough(): void {
    if (this.#state !== "open" || this.#waiting.length === 0) return;
    this.#waiting[0]!();
    // Only now, so that what it causes passes behind the others.
    this.#waiting.shift();
    this.#clock.after(1, () => this.#letNextThrough());
  }
}
