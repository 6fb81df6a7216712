import type { Check, Entry, KvDatabase } from "./kv_database.ts";
import type { Key } from "./kv_keys.ts";
import { keyBytes, KV_LIMITS, valueBytes } from "./kv_limits.ts";
import { StoreUnavailableError } from "./store.ts";

/** How often a change is tried that others were quicker with. */
const ATTEMPTS = 30;
/** The longest pause before it is tried again, in milliseconds: it doubles from the first one on, and all of it is chance. */
const [FIRST_PAUSE_MS, LAST_PAUSE_MS] = [2, 100];

/** What one step of work adds to a commit at the most, so that a commit that has as much room left takes it. */
const STEP = { checks: 4, mutations: 20, bytes: 2 * KV_LIMITS.valueBytes, keyBytes: 8_192 };

/**
 * What one commit does: it reads, and collects what it will write, which it reads itself from then on.
 *
 * What was read as a guard must stand at the commit as it was read. Other keys may be read as they are if all who
 * change them change the guard with them, and the guard was read first.
 */
export class KvTransaction {
  readonly #db: KvDatabase;
  readonly #found = new Map<string, Entry<unknown>>();
  readonly #guards = new Map<string, Check>();
  readonly #writes = new Map<string, Deno.KvMutation & { readonly bytes: number }>();
  readonly #stored: number;
  #bytes = 0;
  #keyBytes = 0;

  /** Nothing was read or written at first. */
  constructor(db: KvDatabase) {
    this.#db = db;
    this.#stored = db.witness.stored;
  }

  /** Reads keys at once, so that to read them one by one asks nobody. */
  async load(keys: readonly Key[]): Promise<void> {
    const { witness } = this.#db;
    const isFirst = this.#found.size === 0;
    const missing = new Map(
      [...keys, ...(isFirst ? [witness.key] : [])].map((key) => [nameOf(key), key]),
    );
    for (const name of missing.keys()) if (this.#found.has(name)) missing.delete(name);
    const entries = await this.#db.getMany([...missing.values()]);
    [...missing.keys()].forEach((name, index) => this.#found.set(name, entries[index]!));
    if (isFirst) witness.found(numberOf(entries.at(-1)!), this.#stored);
  }

  /** What stands under a key that must not change until the commit. */
  async guard<T>(key: Key): Promise<T | undefined> {
    const value = await this.read<T>(key);
    this.#guard(key);
    return value;
  }

  /** What stands under a key, or was written here. */
  async read<T>(key: Key): Promise<T | undefined> {
    const name = nameOf(key);
    const write = this.#writes.get(name);
    if (write) return write.type === "set" ? write.value as T : undefined;
    if (!this.#found.has(name)) await this.load([key]);
    return this.#found.get(name)!.value as T | null ?? undefined;
  }

  /** Sets a key; `expireIn` says in how many milliseconds the database may forget it. */
  set(key: Key, value: unknown, expireIn?: number): void {
    const bytes = keyBytes(key) + valueBytes(value);
    this.#write(key, {
      type: "set",
      key: key as Deno.KvKey,
      value,
      ...(expireIn !== undefined && { expireIn }),
      bytes,
    });
  }

  /** Removes a key. */
  delete(key: Key): void {
    this.#write(key, { type: "delete", key: key as Deno.KvKey, bytes: keyBytes(key) });
  }

  /** Whether one more step of work keeps the commit within its limits. */
  get hasRoom(): boolean {
    const { mutations, commitBytes, commitKeyBytes } = KV_LIMITS;
    return this.#guards.size + STEP.checks <= this.#db.maxChecks &&
      this.#writes.size + STEP.mutations <= mutations &&
      this.#bytes + STEP.bytes <= commitBytes &&
      this.#keyBytes + STEP.keyBytes <= commitKeyBytes;
  }

  /** How a guard was read. */
  versionstamp(key: Key): string | null {
    return this.#guards.get(nameOf(key))!.versionstamp;
  }

  /** Writes it all; `undefined` if a guard has changed, and nothing was written then. */
  async commit(): Promise<string | undefined> {
    // Whoever only reads rests on nothing that may change.
    if (this.#writes.size === 0) return "";
    const { witness } = this.#db;
    const number = witness.next();
    const versionstamp = await this.#db.commit([...this.#guards.values()], [
      ...this.#writes.values().map(({ bytes: _, ...mutation }) => mutation as Deno.KvMutation),
      {
        type: "max",
        key: witness.key as Deno.KvKey,
        value: new Deno.KvU64(BigInt(number)),
      },
    ]);
    if (versionstamp !== undefined) witness.confirm(number);
    return versionstamp;
  }

  #guard(key: Key): void {
    const name = nameOf(key);
    if (!this.#guards.has(name)) {
      const { versionstamp } = this.#found.get(name)!;
      this.#guards.set(name, { key, versionstamp });
      this.#bytes += keyBytes(key);
    }
  }

  #write(key: Key, write: Deno.KvMutation & { readonly bytes: number }): void {
    const name = nameOf(key);
    const before = this.#writes.get(name);
    this.#bytes += write.bytes - (before?.bytes ?? 0);
    // Counted for keys that are removed too, which is too much by little.
    if (!before) this.#keyBytes += keyBytes(key);
    this.#writes.set(name, write);
  }
}

/** What a transaction did. */
export interface Done<T> {
  /** What the work answered. */
  readonly value: T;
  /** The versionstamp of what it set; empty if it set nothing. */
  readonly versionstamp: string;
}

/**
 * Does work in one commit, and again from the beginning if others have changed what it rests on, each time a little later.
 *
 * Rejects with {@linkcode StoreUnavailableError} if others are quicker each time.
 */
export async function transact<T>(
  db: KvDatabase,
  work: (transaction: KvTransaction) => Promise<T>,
): Promise<Done<T>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(attempt);
    const transaction = new KvTransaction(db);
    const value = await work(transaction);
    const versionstamp = await transaction.commit();
    if (versionstamp !== undefined) return { value, versionstamp };
  }
  throw new StoreUnavailableError(
    `Deno KV could not make a change as others changed the same ${ATTEMPTS} times`,
  );
}

/**
 * Does a list of steps in order, as many a commit as fit: what `prepare` reads for some of them is read at once.
 *
 * Each step takes at most 4 checks and 20 changes.
 */
export async function transactEach<C, A>(
  db: KvDatabase,
  steps: readonly C[],
  perform: (transaction: KvTransaction, step: C) => Promise<A>,
  prepare: (transaction: KvTransaction, steps: readonly C[]) => Promise<void> = async () => {},
): Promise<A[]> {
  const answers: A[] = [];
  while (answers.length < steps.length) {
    const { value } = await transact(db, async (transaction) => {
      const rest = steps.slice(answers.length);
      await prepare(transaction, rest);
      const some: A[] = [];
      do some.push(await perform(transaction, rest[some.length]!)); while (
        some.length < rest.length && transaction.hasRoom
      );
      return some;
    });
    answers.push(...value);
  }
  return answers;
}

function pause(attempt: number): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LAST_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/** The number that stands in an entry; 0 if none does. */
export function numberOf({ value }: Entry<unknown>): number {
  return value instanceof Deno.KvU64 ? Number(value.value) : 0;
}

function nameOf(key: Key): string {
  return JSON.stringify(key);
}
