import { TokenBucket } from "./token_bucket.ts";

/** How much each user may send at this instance, over all of their connections and HTTP. */
export class Allowances {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;

  /** `now` is in milliseconds and never goes back. */
  constructor(burst: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Counts a message of a user; answers 0, or in how many milliseconds the next one may come. */
  take(userId: string, now = this.#now()): number {
    let bucket = this.#buckets.get(userId);
    if (!bucket) {
      bucket = new TokenBucket(this.#burst, this.#perSecond, now);
      this.#buckets.set(userId, bucket);
    }
    return bucket.take(now);
  }

  /** Forgets the users who have sent nothing for so long that it makes no difference. */
  sweep(): void {
    const now = this.#now();
    for (const [userId, bucket] of this.#buckets) {
      if (bucket.isFull(now)) this.#buckets.delete(userId);
    }
  }
}
