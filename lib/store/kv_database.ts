import { OverdueError } from "./group.ts";
import type { Key } from "./kv_keys.ts";
import { KV_LIMITS } from "./kv_limits.ts";
import { KvWitness } from "./kv_witness.ts";
import { StoreUnavailableError } from "./store.ts";

/** How long one request may take, in milliseconds: what is late is not waited for, and its outcome not known. */
const REQUEST_MS = 3_000;

/** How many entries of a list are read at one moment: half of what may be, as each may be a long message. */
const BATCH = KV_LIMITS.entriesARead / 2;
/** The longest pause before what a lock kept from being done is tried again, in milliseconds: a commit takes about 0.3. */
const LOCKED_MS = 4;
/** How Deno tells of another handle that commits. */
const LOCKED = /database is locked/;
/** How Deno tells of what no database takes, in an error of the class that it has for all others too. */
const FAULT = /\btoo (many|large)\b|could not be cloned/i;

/** What of a Deno KV database is used. */
export type Kv = Pick<Deno.Kv, "getMany" | "list" | "atomic" | "watch" | "close">;

/** A key that a commit rests on: it must stand as it was read. */
export interface Check {
  /** Which key. */
  readonly key: Key;
  /** How it was read; `null` if it was not there. */
  readonly versionstamp: string | null;
}

/** What was found under a key. */
export interface Entry<T> extends Check {
  /** The value; `null` if there is none. */
  readonly value: T | null;
}

/** Which keys of a range are listed: all with a prefix, or those from `start` on that come before `end`. */
export type Range = { readonly prefix: Key } | { readonly start: Key; readonly end: Key };

/** How a {@linkcode Range} is listed. */
export interface ListOptions {
  /** At most this many. */
  readonly limit?: number;
  /** From the end. */
  readonly reverse?: boolean;
}

/**
 * A Deno KV database, within its limits.
 *
 * Every method rejects with {@linkcode StoreUnavailableError} if the database does not answer, and as Deno does if the
 * program asked for what it does not take.
 */
export class KvDatabase {
  /** Notices that it was wound back. */
  readonly witness = new KvWitness();
  readonly #kv: Kv;

  /** `maxChecks` is how many checks a commit may have; what is read must be strongly consistent, as it is by default. */
  constructor(kv: Kv, readonly maxChecks: number = KV_LIMITS.checks) {
    this.#kv = kv;
  }

  /** What stands under a key. */
  async get<T>(key: Key): Promise<Entry<T>> {
    const [entry] = await this.getMany<T>([key]);
    return entry!;
  }

  /** What stands under keys, as many as there may be: each ten of them at one moment. */
  async getMany<T>(keys: readonly Key[]): Promise<Entry<T>[]> {
    const tens = chunk(keys, KV_LIMITS.keysARead);
    const found = await Promise.all(
      tens.map((ten) => inTime(() => this.#kv.getMany<T[]>(ten as Deno.KvKey[]))),
    );
    return found.flat() as Entry<T>[];
  }

  /** The entries of a range, in order: each 500 of them at one moment. */
  async *list<T>(
    range: Range,
    { limit, reverse }: ListOptions = {},
  ): AsyncGenerator<Entry<T> & { readonly value: T }> {
    if (limit === 0) return;
    const batchSize = Math.min(limit ?? BATCH, BATCH);
    const most = limit !== undefined && Number.isSafeInteger(limit) ? limit : undefined;
    const entries = this.#kv.list<T>(range as Deno.KvListSelector, {
      limit: most,
      reverse,
      batchSize,
    });
    for (;;) {
      const { done, value } = await inTime(() => entries.next());
      if (done) return;
      yield value as unknown as Entry<T> & { readonly value: T };
    }
  }

  /** The entries of a range, all together. */
  async listAll<T>(
    range: Range,
    options?: ListOptions,
  ): Promise<(Entry<T> & { readonly value: T })[]> {
    return await Array.fromAsync(this.list<T>(range, options));
  }

  /** Makes changes if all checks hold; answers the versionstamp of what was set, or `undefined` if one did not hold. */
  async commit(
    checks: readonly Check[],
    mutations: readonly Deno.KvMutation[],
  ): Promise<string | undefined> {
    const result = await inTime(() =>
      untilUnlocked(() =>
        this.#kv.atomic().check(...checks as Deno.AtomicCheck[]).mutate(...mutations).commit()
      )
    );
    return result.ok ? result.versionstamp : undefined;
  }

  /** Removes keys that nobody reads any more, in as many commits as that takes. */
  async clear(keys: readonly Key[]): Promise<void> {
    for (const some of chunk(keys, KV_LIMITS.mutations / 2)) {
      await this.commit([], some.map((key) => ({ type: "delete", key: key as Deno.KvKey })));
    }
  }

  /** Tells of a key as it now is, and at each change of it; of many changes at once only the last. */
  watch(key: Key): ReadableStream<unknown> {
    return this.#kv.watch([key as Deno.KvKey]);
  }

  /** Lets go of it. */
  close(): void {
    this.#kv.close();
  }
}

/** Parts of a list, in order, each of at most `size` entries. */
export function chunk<T>(list: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(list.length / size) },
    (_, i) => list.slice(i * size, (i + 1) * size),
  );
}

/** Does what another handle to the same file keeps from being done while it commits: Deno does not wait for it (2.9.6). */
async function untilUnlocked<T>(work: () => Promise<T>): Promise<T> {
  const lateAt = performance.now() + REQUEST_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      // Nothing was done.
      if (!LOCKED.test(String(error)) || performance.now() > lateAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * LOCKED_MS));
  }
}

async function inTime<T>(request: () => Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OverdueError()), REQUEST_MS);
  try {
    return await Promise.race([request(), late]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof StoreUnavailableError || FAULT.test(reason)) throw error;
    throw new StoreUnavailableError(`Deno KV cannot answer: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
