/** What a source answers when it is asked for the items above a number. */
export interface Read<T> {
  /** The items in rising order; numbers may be missing where later items overtook them. */
  readonly items: readonly (readonly [number: number, item: T])[];
  /** The number up to which the source has now been read. */
  readonly reached: number;
}

/** How a {@linkcode Sequence} is wired. */
export interface SequenceOptions<T> {
  /** The number that was delivered last. */
  readonly delivered: number;
  /** Called once for each item, in rising order. */
  readonly deliver: (item: T) => void;
  /** Reads what comes after a number from the truth. */
  readonly read: (after: number) => Promise<Read<T>>;
}

/** How long a gap may wait for the item that fills it before the source is read, in milliseconds. */
export const GAP_MS = 20;
/** How long after a failed read the next one is tried, in milliseconds. */
export const RETRY_MS = 1000;
/** How many items may wait behind a gap. Beyond it only the target rises, and they are read again. */
export const MAX_WAITING = 1024;

/**
 * Delivers numbered items in order, each once, over a carrier that may lose, repeat, reorder or delay them.
 *
 * An item that comes in order is delivered at once, one that was delivered is dropped. A gap waits
 * {@linkcode GAP_MS} and is then filled from the source, one read at a time; at once if nothing else will fill it.
 */
export class Sequence<T> {
  readonly #options: SequenceOptions<T>;
  readonly #waiting = new Map<number, T>();
  readonly #waiters = new Map<number, PromiseWithResolvers<void>>();
  #delivered: number;
  #target: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  /** Whether the source is to be read again as soon as it was read. */
  #urgent = false;
  #closed = false;

  /** Begins behind what was delivered already. */
  constructor(options: SequenceOptions<T>) {
    this.#options = options;
    this.#delivered = options.delivered;
    this.#target = options.delivered;
  }

  /** The number up to which everything was delivered. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Takes an item that arrived. */
  offer(number: number, item: T): void {
    if (this.#closed || number <= this.#delivered) return;
    if (number === this.#delivered + 1) {
      this.#deliver(number, item);
      this.#drain();
      return;
    }
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(number, item);
    this.aim(number);
  }

  /** Takes the word that the source has come to `number`, and reads it after `waitMs`: items may come until then. */
  aim(number: number, waitMs: number = GAP_MS): void {
    if (this.#closed || number <= this.#delivered) return;
    this.#target = Math.max(this.#target, number);
    if (waitMs > 0) this.#fillIn(waitMs);
    else this.#fillNow();
  }

  /** Resolves when everything up to `number` was delivered, or when the sequence is closed. */
  reach(number: number): Promise<void> {
    if (this.#closed || number <= this.#delivered) return Promise.resolve();
    const waiter = this.#waiters.get(number) ?? Promise.withResolvers<void>();
    this.#waiters.set(number, waiter);
    this.aim(number);
    return waiter.promise;
  }

  /** Delivers no more, and lets go of the timer. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
    this.#wake(Infinity);
  }

  #deliver(number: number, item: T): void {
    this.#delivered = number;
    this.#options.deliver(item);
    if (this.#waiters.size > 0) this.#wake(number);
  }

  #wake(number: number): void {
    for (const [awaited, { resolve }] of this.#waiters) {
      if (awaited > number) continue;
      this.#waiters.delete(awaited);
      resolve();
    }
  }

  #drain(): void {
    if (this.#waiting.size === 0) return;
    for (let next = this.#delivered + 1; this.#waiting.has(next); next++) {
      const item = this.#waiting.get(next)!;
      this.#waiting.delete(next);
      this.#deliver(next, item);
    }
  }

  #fillIn(ms: number): void {
    if (this.#timer !== undefined || this.#reading) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#delivered < this.#target) this.#fill();
    }, ms);
  }

  #fillNow(): void {
    this.#urgent = this.#reading;
    if (this.#reading) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#fill();
  }

  async #fill(): Promise<void> {
    this.#reading = true;
    let retryInMs = GAP_MS;
    const [before, aimedAt] = [this.#delivered, this.#target];
    try {
      const { items, reached } = await this.#options.read(this.#delivered);
      this.#take(items, reached);
      // The source holds less than a hint promised, and nothing was promised since: the hint was wrong.
      if (this.#delivered === before && this.#target === aimedAt && this.#waiting.size === 0) {
        this.#target = this.#delivered;
        this.#wake(Infinity);
      }
    } catch {
      // The source is out of reach. What it holds stays there, and the target stands.
      retryInMs = RETRY_MS;
    } finally {
      this.#reading = false;
    }
    const urgent = this.#urgent && retryInMs < RETRY_MS;
    this.#urgent = false;
    if (this.#closed || this.#delivered >= this.#target) return;
    if (urgent) this.#fillNow();
    else this.#fillIn(retryInMs);
  }

  #take(items: Read<T>["items"], reached: number): void {
    if (this.#closed) return;
    for (const [number, item] of items) {
      // Late hints may have filled part of the gap while the source was read.
      if (number > this.#delivered) this.#deliver(number, item);
    }
    this.#delivered = Math.max(this.#delivered, reached);
    this.#wake(this.#delivered);
    for (const number of this.#waiting.keys()) {
      if (number <= this.#delivered) this.#waiting.delete(number);
    }
    this.#drain();
  }
}
