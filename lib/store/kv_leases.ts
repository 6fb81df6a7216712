import type { KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import { type KvTransaction, transact } from "./kv_transaction.ts";

/** How long the lease of an instance holds that writes before its first beat, in milliseconds. */
const FIRST_LEASE_MS = 30_000;

/** How long an instance counts. */
interface LeaseRecord {
  /** When it ends, in milliseconds since 1970. */
  readonly endsAt: number;
  /** Whether the instance knows of it, since it has beaten under it. */
  readonly beaten: boolean;
  /** Whether somebody has begun to remove what is under it: then all of it goes, whatever the clocks say. */
  readonly removing?: true;
}

/** A lease that ran out, and how it stood when its removal began. */
export interface Lapsed {
  /** Whose it was. */
  readonly instance: string;
  /** When it ended, in milliseconds since 1970. */
  readonly endedAt: number;
  /** What its entry had when everything under it was still to be listed. */
  readonly versionstamp: string;
}

/**
 * The leases of instances in Deno KV.
 *
 * Whether one has run out is told by the clock of whoever looks, and its end was set by the clock of its instance. A lease is
 * renewed every 5 s for 25 s, so instances whose clocks differ by less than 20 s do not remove each other; where they
 * differ by more, people leave and come back, and nothing else is lost. A change under a lease rests on its entry, so that
 * none is made which the removal passes over.
 */
export class KvLeases {
  readonly #db: KvDatabase;

  /** Writes to the database. */
  constructor(db: KvDatabase) {
    this.#db = db;
  }

  /** The leases that have run out, or whose removal has begun; it has begun of all of them when this answers. */
  async lapsed(now: number): Promise<Lapsed[]> {
    const lapsed: Lapsed[] = [];
    for (const { key, value } of await this.#db.listAll<LeaseRecord>({ prefix: KEYS.lease() })) {
      if (!isOver(value, now)) continue;
      const { value: begun, versionstamp } = await transact(this.#db, async (tx) => {
        const lease = await tx.guard<LeaseRecord>(key);
        if (!lease || !isOver(lease, now)) return;
        if (!lease.removing) tx.set(key, { ...lease, removing: true });
        return { endedAt: lease.endsAt, stamp: tx.versionstamp(key) };
      });
      if (!begun) continue;
      lapsed.push({
        instance: key.at(-1) as string,
        endedAt: begun.endedAt,
        versionstamp: versionstamp || begun.stamp!,
      });
    }
    return lapsed;
  }

  /** Removes a lease if nothing was noted under it since its removal began; `false` if something was. */
  async remove({ instance, versionstamp }: Lapsed): Promise<boolean> {
    const key = KEYS.lease(instance);
    const removed = await this.#db.commit([{ key, versionstamp }], [
      { type: "delete", key: key as Deno.KvKey },
    ]);
    return removed !== undefined || (await this.#db.get(key)).value === null;
  }

  /**
   * Renews a lease, or makes one: not if it is over, for what is under it must go first. Answers whether the instance has held
   * it since its last beat, and whether it is over.
   */
  async renew(
    instance: string,
    leaseMs: number,
    now: number,
  ): Promise<{ readonly held: boolean; readonly over: boolean }> {
    const { value } = await transact(this.#db, async (tx) => {
      const lease = await tx.guard<LeaseRecord>(KEYS.lease(instance));
      const over = lease !== undefined && isOver(lease, now);
      if (!over) tx.set(KEYS.lease(instance), { endsAt: now + leaseMs, beaten: true });
      return { held: lease?.beaten === true && !over, over };
    });
    return value;
  }

  /** Sets the end of an instance's lease, if it has one. */
  async expire(instance: string, inMs: number): Promise<void> {
    await transact(this.#db, async (tx) => {
      const lease = await tx.guard<LeaseRecord>(KEYS.lease(instance));
      if (lease) tx.set(KEYS.lease(instance), { ...lease, endsAt: Date.now() + inMs });
    });
  }
}

/** Ends all leases, and what their instances know of them. */
export async function endLeases(db: KvDatabase, tx: KvTransaction): Promise<void> {
  const now = Date.now();
  for (const { key, value } of await db.listAll<LeaseRecord>({ prefix: KEYS.lease() })) {
    tx.set(key, { ...value, endsAt: Math.min(value.endsAt, now), beaten: false });
  }
}

/** Has a change rest on the lease of an instance, and makes one if there is none. */
export async function underLease(tx: KvTransaction, instance: string): Promise<void> {
  const key = KEYS.lease(instance);
  const lease = await tx.guard<LeaseRecord>(key);
  if (!lease) tx.set(key, { endsAt: Date.now() + FIRST_LEASE_MS, beaten: false });
  // Whoever removes it looks once more.
  else if (lease.removing) tx.set(key, lease);
}

function isOver({ endsAt, removing }: LeaseRecord, now: number): boolean {
  return removing === true || endsAt <= now;
}
