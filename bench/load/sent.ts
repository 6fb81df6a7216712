/** A sender's messages that are under way at most, as a power of two: more than any window, and 8 s at 500 a second. */
const MOST = 1 << 12;

/** When a sender sent each of its messages. */
export class Sent {
  /** How many there are. */
  count = 0;
  /** How many of them were acknowledged: servers acknowledge in order. */
  acknowledged = 0;
  readonly #times = new Float64Array(MOST);

  /** Adds one that is sent now. */
  add(now: number): void {
    this.#times[this.count++ & (MOST - 1)] = now;
  }

  /** When one was sent. */
  at(number: number): number {
    return this.#times[number & (MOST - 1)]!;
  }
}
