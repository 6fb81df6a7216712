/** Lets through a burst, and after it as much as flows in. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #tokens: number;
  #time: number;

  /** Holds `capacity` tokens and gains `perSecond`; either may be `Infinity`. `now` is in milliseconds, and never goes back. */
  constructor(capacity: number, perSecond: number, now: number) {
    this.#capacity = capacity;
    this.#perMs = perSecond / 1000;
    this.#tokens = capacity;
    this.#time = now;
  }

  /** Takes a token and answers 0, or answers in how many milliseconds there will be one. */
  take(now: number): number {
    const tokens = this.#at(now);
    if (tokens < 1) return Math.ceil((1 - tokens) / this.#perMs);
    this.#tokens = tokens - 1;
    // What waited for its turn comes with the time at which it began to wait.
    this.#time = Math.max(this.#time, now);
    return 0;
  }

  /** Whether it is as good as new. */
  isFull(now: number): boolean {
    return this.#at(now) >= this.#capacity;
  }

  #at(now: number): number {
    if (this.#perMs === Infinity) return Infinity;
    return Math.min(this.#capacity, this.#tokens + Math.max(0, now - this.#time) * this.#perMs);
  }
}
