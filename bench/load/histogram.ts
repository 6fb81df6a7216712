/** Steps of one doubling, as a power of two: a value is told with an error of at most 0.8 %. */
const STEP_BITS = 6;
/** From 2^-20 ms, which is 1 ns, to 2^20 ms, which is 17 minutes. */
const DOUBLINGS = 40;
const SMALLEST = 2 ** -20;

/** How long things took: millions of them in constant memory. */
export class Histogram {
  readonly #counts = new Float64Array(DOUBLINGS << STEP_BITS);
  #total = 0;

  /** How many there are. */
  get total(): number {
    return this.#total;
  }

  /** Adds one that took so many milliseconds. */
  add(ms: number): void {
    this.#total++;
    const step = stepOf(ms < SMALLEST ? SMALLEST : ms);
    this.#counts[step < this.#counts.length ? step : this.#counts.length - 1]!++;
  }

  /** Forgets all of them. */
  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  /** The time, in milliseconds, that a share of them took at most; `undefined` of none. */
  quantile(share: number): number | undefined {
    let left = this.#total * share;
    for (let step = 0; this.#total > 0 && step < this.#counts.length; step++) {
      left -= this.#counts[step]!;
      if (left <= 0) return middleOf(step);
    }
    return undefined;
  }
}

const value = new Float64Array(1);
/** The same bits: those above hold the exponent, and next to it the first bits of the fraction. */
const words = new Uint32Array(value.buffer);
const FRACTION_BITS = 20;
const FIRST = stepBits(SMALLEST);

/** Counts steps by the bits of the number, since a logarithm for each delivery would be dear. */
function stepOf(ms: number): number {
  return stepBits(ms) - FIRST;
}

function stepBits(ms: number): number {
  value[0] = ms;
  return words[1]! >>> (FRACTION_BITS - STEP_BITS);
}

function middleOf(step: number): number {
  words[1] = (step + FIRST) << (FRACTION_BITS - STEP_BITS) | 1 << (FRACTION_BITS - STEP_BITS - 1);
  words[0] = 0;
  return value[0]!;
}
