import type { User } from "../model/user.ts";
import { nameKey } from "../model/names.ts";
import { Group } from "./group.ts";
import { chunk, type KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import { type KvLeases, type Lapsed, underLease } from "./kv_leases.ts";
import { claim, goOffline } from "./kv_names.ts";
import { comeIn, goOut, type PeopleRecord, seatKeys } from "./kv_seats.ts";
import { enroll, enrollmentKeys, type KvStandings } from "./kv_standings.ts";
import { type KvTransaction, transactEach } from "./kv_transaction.ts";
import {
  type Beat,
  type Claim,
  MAX_REMOVED,
  type Move,
  type Moved,
  type People,
  type Pulse,
} from "./store.ts";

/** Steps that go together at the most, and for which is read at once what they need. */
const STEPS_A_READ = 150;
/** How often the people of a room are read again who change while they are listed. */
const EXACT_ATTEMPTS = 3;

/** Somebody who connects to an instance or goes from it. */
type Connection =
  | { readonly instance: string; readonly claim: Claim }
  | { readonly instance: string; readonly gone: string };

/** What became of it. */
type Connected = { readonly held: boolean } | { readonly forget?: string };

/** A move at an instance. */
interface Step {
  readonly instance: string;
  readonly move: Move;
}

/** How a {@linkcode KvPresence} is made. */
export interface KvPresenceOptions {
  /** Where it is noted. */
  readonly db: KvDatabase;
  /** The leases under which it is. */
  readonly leases: KvLeases;
  /** The rooms of people who go for good. */
  readonly standings: KvStandings;
  /** How many rows one beat removes. */
  readonly maxRemoved?: number;
}

/**
 * Who is connected and who is in which room, in Deno KV, under the leases of their instances.
 *
 * What comes while a commit is under way shares the next one.
 */
export class KvPresence {
  readonly #db: KvDatabase;
  readonly #leases: KvLeases;
  readonly #standings: KvStandings;
  readonly #maxRemoved: number;
  readonly #connections: Group<Connection, Connected>;
  readonly #moves: Group<Step, Moved | undefined>;

  /** Writes to the database. */
  constructor({ db, leases, standings, maxRemoved = MAX_REMOVED }: KvPresenceOptions) {
    this.#db = db;
    this.#leases = leases;
    this.#standings = standings;
    this.#maxRemoved = maxRemoved;
    this.#connections = new Group({
      capacity: STEPS_A_READ,
      perform: (steps) => transactEach(db, steps, connectOrGo),
    });
    this.#moves = new Group({
      capacity: STEPS_A_READ,
      perform: (steps) => transactEach(db, steps, move, prepareMoves),
    });
  }

  /** Notes people as connected at an instance; `false` for each whose name somebody else holds. */
  async connect(instance: string, claims: readonly Claim[]): Promise<boolean[]> {
    const connected = await Promise.all(
      claims.map((claim) => this.#connections.call({ instance, claim })),
    );
    return connected.map((one) => "held" in one && one.held);
  }

  /** Notes people as no longer connected at an instance. Where they are is for {@linkcode move} to tell. */
  async disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    await Promise.all(userIds.map((gone) => this.#disconnect(instance, gone)));
  }

  /** Notes who is in which room at an instance, and numbers what can be seen of it. */
  async move(instance: string, moves: readonly Move[]): Promise<(Moved | undefined)[]> {
    return await Promise.all(moves.map((move) => this.#moves.call({ instance, move })));
  }

  /** Everyone in a room, in the order in which they came. */
  async people(room: string): Promise<People> {
    for (let attempt = 1;; attempt++) {
      const { value, versionstamp } = await this.#db.get<PeopleRecord>(KEYS.people(room));
      const rev = value?.rev ?? 0;
      const came = await this.#db.listAll<User>({ prefix: KEYS.came(room) });
      const again = await this.#db.get<PeopleRecord>(KEYS.people(room));
      // In a room that never rests those are missing who left meanwhile. They are told to leave by moves that are yet to
      // come, as those who came meanwhile are told to come.
      if (again.versionstamp !== versionstamp && attempt < EXACT_ATTEMPTS) continue;
      const users = came.filter(({ key }) => key.at(-1) as number <= rev);
      return { rev, users: users.map(({ value: { id, name } }) => ({ id, name })) };
    }
  }

  /**
   * Removes the instances whose lease ran out, this one too, and renews its lease once nothing of an older one is left.
   *
   * `held` is false at the first beat of a lease: whoever had one before may have been removed by another instance.
   */
  async beat({ instance, leaseMs }: Beat): Promise<Omit<Pulse, "epoch" | "heads">> {
    const now = Date.now();
    const takenOver = await this.#tellTaken(instance);
    const removed = await this.#removeLapsed(now);
    const { held, over } = await this.#leases.renew(instance, leaseMs, now);
    return { held, takenOver, gone: removed.gone, more: removed.more || over };
  }

  async #disconnect(instance: string, gone: string): Promise<void> {
    const left = await this.#connections.call({ instance, gone });
    if ("forget" in left && left.forget !== undefined) await this.#standings.forget(left.forget);
  }

  /** Who was taken over and was not told. */
  async #tellTaken(instance: string): Promise<string[]> {
    const entries = await this.#db.listAll({ prefix: KEYS.taken(instance) });
    for (const some of chunk(entries, this.#db.maxChecks)) {
      // Of those who were taken over once more meanwhile, the next beat tells.
      await this.#db.commit(
        some.map(({ key, versionstamp }) => ({ key, versionstamp })),
        some.map(({ key }) => ({ type: "delete", key: key as Deno.KvKey })),
      );
    }
    return entries.map(({ key }) => key.at(-1) as string);
  }

  async #removeLapsed(now: number): Promise<{ gone: Moved[]; more: boolean }> {
    const gone: Moved[] = [];
    let left = this.#maxRemoved;
    for (const lapsed of await this.#leases.lapsed(now)) {
      const places = await this.#places(lapsed, left);
      gone.push(...await this.#vacate(lapsed, places));
      left -= places.length;
      if (left > 0) left -= await this.#removePeople(lapsed, left);
      if (left <= 0) break;
      if (!await this.#leases.remove(lapsed)) return { gone, more: true };
    }
    return { gone, more: left <= 0 };
  }

  /** Who is in which room at an instance, room by room in the order in which they came. */
  async #places({ instance }: Lapsed, limit: number) {
    const entries = await this.#db.listAll<string>({ prefix: KEYS.here(instance) }, { limit });
    const places = entries.map(({ key, value: name }) => {
      const [room, id] = key.slice(-2) as [string, string];
      return { room, user: { id, name } };
    });
    const seats = await this.#db.getMany<{ rev: number }>(
      places.map(({ room, user }) => KEYS.seat(room, user.id)),
    );
    return places.map((place, i) => ({ ...place, came: seats[i]!.value?.rev ?? 0 }))
      .toSorted((a, b) => a.room === b.room ? a.came - b.came : a.room < b.room ? -1 : 1);
  }

  async #vacate(
    { instance }: Lapsed,
    places: readonly { readonly room: string; readonly user: User }[],
  ): Promise<Moved[]> {
    const moves = await transactEach(this.#db, places, async (tx, { room, user }) => {
      const rev = await goOut(tx, instance, room, user.id);
      return rev === undefined ? [] : [{ room, user, on: false, rev }];
    }, async (tx, rest) => {
      const some = rest.slice(0, STEPS_A_READ);
      await tx.load([...new Set(some.map(({ room }) => room))].map((room) => KEYS.people(room)));
      await tx.load(some.flatMap(({ room, user }) => seatKeys(instance, room, user.id)));
    });
    return moves.flat();
  }

  /** Answers how many people and rooms of theirs it removed. */
  async #removePeople({ instance, endedAt }: Lapsed, limit: number): Promise<number> {
    const entries = await this.#db.listAll({ prefix: KEYS.online(instance) }, { limit });
    const userIds = entries.map(({ key }) => key.at(-1) as string);
    const left = await transactEach(
      this.#db,
      userIds,
      (tx, userId) => go(tx, instance, userId, endedAt),
    );
    let count = userIds.length;
    for (const { forget } of left) {
      if (forget !== undefined) count += await this.#standings.forget(forget);
    }
    return count;
  }
}

async function connectOrGo(tx: KvTransaction, connection: Connection): Promise<Connected> {
  const { instance } = connection;
  if ("gone" in connection) return await go(tx, instance, connection.gone, Date.now());
  const { user, keepMs, takesOver } = connection.claim;
  await tx.load([KEYS.lease(instance), KEYS.person(user.id), KEYS.name(nameKey(user.name))]);
  await underLease(tx, instance);
  if (!await claim(tx, instance, user, keepMs)) return { held: false };
  tx.set(KEYS.online(instance, user.id), true);
  if (takesOver) {
    const { at } = (await tx.read<{ at: string[] }>(KEYS.person(user.id)))!;
    for (const other of at) {
      if (other === instance) tx.delete(KEYS.taken(other, user.id));
      else tx.set(KEYS.taken(other, user.id), true);
    }
  }
  return { held: true };
}

async function go(tx: KvTransaction, instance: string, userId: string, since: number) {
  const isGone = await goOffline(tx, instance, userId, since);
  tx.delete(KEYS.online(instance, userId));
  tx.delete(KEYS.taken(instance, userId));
  // Nobody can come back under a name that is not kept, so nobody has use for its rooms.
  return isGone ? { forget: userId } : {};
}

/** The entries that answer for the others come first. */
async function prepareMoves(tx: KvTransaction, rest: readonly Step[]): Promise<void> {
  const steps = rest.slice(0, STEPS_A_READ);
  await tx.load([
    ...new Set(steps.map(({ instance }) => instance)).values().map((one) => KEYS.lease(one)),
    ...new Set(steps.map(({ move }) => move.room)).values().map((room) => KEYS.people(room)),
  ]);
  await tx.load(steps.flatMap(({ instance, move: { room, user } }) => [
    ...seatKeys(instance, room, user.id),
    ...enrollmentKeys(user.id, room),
  ]));
}

async function move(tx: KvTransaction, { instance, move }: Step): Promise<Moved | undefined> {
  const { room, user, on } = move;
  await underLease(tx, instance);
  const rev = on
    ? await comeIn(tx, instance, room, user)
    : await goOut(tx, instance, room, user.id);
  if (on) await enroll(tx, user.id, room);
  return rev === undefined ? undefined : { ...move, rev };
}
