/** Numbers that look random and are the same for the same seed: the generator sfc32 of PractRand. */
export class Random {
  #a = 0;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  /** `seed` is a whole number from 0 to 2^32 - 1. */
  constructor(seed: number) {
    this.#b = seed | 0;
    // Until then neighbouring seeds give neighbouring numbers.
    for (let round = 0; round < 12; round++) this.next();
  }

  /** A number from 0 up to, and without, 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** A whole number from 0 to `max`: most of them are small. */
  small(max: number): number {
    return Math.floor(this.next() ** 3 * (max + 1));
  }

  /** `true` with a probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of several things. */
  pick<T>(things: readonly T[]): T {
    if (things.length === 0) throw new RangeError("Cannot pick one of nothing");
    return things[this.integer(0, things.length - 1)]!;
  }
}
