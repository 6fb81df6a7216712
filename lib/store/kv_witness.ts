import { type Key, KEYS } from "./kv_keys.ts";

/**
 * Notices that a database was wound back, also where rooms have come further since than they had been before.
 *
 * With each change that an instance makes it raises a number of its own, which only rises: where it is lower than a number
 * that is known to be stored, something of this instance is lost, in the log or of names and places. What others have made
 * they notice themselves.
 */
export class KvWitness {
  /** Where its number stands. */
  readonly key: Key = KEYS.mark(crypto.randomUUID());
  /** The highest number that was given out, and the highest one that is known to be stored. */
  #given = 0;
  #stored = 0;
  #epoch = "";
  #hasLost = false;

  /** The highest number that is known to be stored: what is read from now on must not be lower. */
  get stored(): number {
    return this.#stored;
  }

  /** A number for a change: higher than all before it, and about the time, in milliseconds since 1970. */
  next(): number {
    return this.#given = Math.max(this.#given + 1, Date.now());
  }

  /** Notes that a change was stored with this number. */
  confirm(number: number): void {
    this.#stored = Math.max(this.#stored, number);
  }

  /** Notes what number was found that must have been at least `least`. */
  found(number: number, least: number): void {
    if (number < Math.min(least, this.#stored)) this.#hasLost = true;
  }

  /**
   * Whether something is lost that was told under this epoch, or it is an older one than that which was known: epochs
   * rise. Under a later one others have noticed before.
   */
  hasLost(epoch: string): boolean {
    return epoch < this.#epoch || epoch === this.#epoch && this.#hasLost;
  }

  /** Begins anew in an epoch unless it is the one that there was; `number` is what stands there now. */
  begin(epoch: string, number: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#stored = number;
    this.#hasLost = false;
  }
}
