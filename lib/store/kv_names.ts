import { nameKey } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { KvDatabase } from "./kv_database.ts";
import { KEYS } from "./kv_keys.ts";
import { type KvTransaction, transact } from "./kv_transaction.ts";

/**
 * How much longer than a name is kept the database keeps its entry, in milliseconds: what ends it is the clock of whoever
 * looks at it, and the database only sweeps up.
 */
const SWEPT_AFTER_MS = 24 * 60 * 60 * 1000;

/** Who holds a name. */
export interface NameRecord extends User {
  /** How long it is kept after their last connection, in milliseconds. */
  readonly keepMs: number;
  /** When it ends, in milliseconds since 1970; `null` while they are connected. */
  readonly endsAt: number | null;
}

/** Somebody who holds a name or is connected. */
export interface PersonRecord {
  /** The name that they hold, as it is unique; they hold it only if its entry says so too. */
  readonly key?: string;
  /** The instances to which they are connected. */
  readonly at: readonly string[];
}

const NOBODY: PersonRecord = { at: [] };

/**
 * Who holds which name, in Deno KV: a person holds one name, and a name has one holder.
 *
 * Times are by the clock of the instance that asks: a name that is kept for those who are away ends by as much too early
 * or too late as two instances' clocks differ, and none is taken from anybody who is connected.
 */
export class KvNames {
  readonly #db: KvDatabase;

  /** Writes to the database. */
  constructor(db: KvDatabase) {
    this.#db = db;
  }

  /** Holds a name for somebody who has no connection yet; `false` if somebody else holds it. */
  async reserve(user: User, keepMs: number): Promise<boolean> {
    const { value } = await transact(this.#db, async (tx) => {
      const { key, person, mine, isTaken } = await look(tx, user);
      if (isTaken) return false;
      if (mine?.endsAt === null) {
        hold(tx, user, person, { keepMs: mine.keepMs, endsAt: null });
      } else {
        const until = Date.now() + keepMs;
        const endsAt = person.key === key ? Math.max(mine?.endsAt ?? 0, until) : until;
        hold(tx, user, person, { keepMs, endsAt });
      }
      await freeOther(tx, user, person);
      return true;
    });
    return value;
  }

  /** Frees the name of somebody, now or with their last connection. */
  async release(userId: string): Promise<void> {
    await transact(this.#db, async (tx) => {
      const person = await tx.guard<PersonRecord>(KEYS.person(userId));
      const mine = await held(tx, userId, person);
      if (!mine) return;
      if (mine.endsAt === null) tx.set(KEYS.name(person!.key!), { ...mine, keepMs: 0 });
      else free(tx, userId, person!);
    });
  }

  /** Who holds a name now, in any case. */
  async holder(name: string): Promise<User | undefined> {
    const { value } = await this.#db.get<NameRecord>(KEYS.name(nameKey(name)));
    return value && isKept(value) ? toUser(value) : undefined;
  }

  /** Who of some people hold a name now. */
  async holders(userIds: readonly string[]): Promise<readonly User[]> {
    const ids = [...new Set(userIds)];
    const people = await this.#db.getMany<PersonRecord>(ids.map((id) => KEYS.person(id)));
    const asked = people.flatMap(({ value }, index) =>
      value?.key === undefined ? [] : [{ id: ids[index], key: value.key }]
    );
    const names = await this.#db.getMany<NameRecord>(asked.map(({ key }) => KEYS.name(key)));
    // A name may be somebody else's by now.
    return names.flatMap(({ value }, index) =>
      value && value.id === asked[index]!.id && isKept(value) ? [toUser(value)] : []
    );
  }
}

/** Holds a name for somebody who is or gets connected to an instance; `false` if somebody else holds it. */
export async function claim(
  tx: KvTransaction,
  instance: string,
  user: User,
  keepMs: number,
): Promise<boolean> {
  const { person, mine, isTaken } = await look(tx, user);
  if (isTaken) return false;
  // What one connection was promised, another one of the same person does not take away.
  const longest = mine?.endsAt === null ? Math.max(mine.keepMs, keepMs) : keepMs;
  const at = [...new Set([...person.at, instance])];
  hold(tx, user, { ...person, at }, { keepMs: longest, endsAt: null });
  await freeOther(tx, user, person);
  return true;
}

/**
 * Notes that somebody is not connected to an instance any more, since a time; with the last one their name is kept as long
 * as was claimed. Answers whether they have gone for good: they have no connection, and no name that is kept.
 */
export async function goOffline(
  tx: KvTransaction,
  instance: string,
  userId: string,
  since: number,
): Promise<boolean> {
  const person = await tx.guard<PersonRecord>(KEYS.person(userId));
  if (!person?.at.includes(instance)) return false;
  const rest = { ...person, at: person.at.filter((other) => other !== instance) };
  const mine = await held(tx, userId, person);
  if (rest.at.length > 0) {
    tx.set(KEYS.person(userId), rest);
    return false;
  }
  if (!mine) {
    tx.delete(KEYS.person(userId));
    return true;
  }
  if (mine.keepMs === 0) {
    free(tx, userId, rest);
    return true;
  }
  hold(tx, mine, rest, { keepMs: mine.keepMs, endsAt: since + mine.keepMs });
  return false;
}

/** What is known of somebody and of the name that they ask for. */
async function look(tx: KvTransaction, { id, name }: User) {
  const key = nameKey(name);
  await tx.load([KEYS.person(id), KEYS.name(key)]);
  const person = await tx.guard<PersonRecord>(KEYS.person(id)) ?? NOBODY;
  const holder = await tx.guard<NameRecord>(KEYS.name(key));
  const isTaken = holder !== undefined && holder.id !== id && isKept(holder);
  return { key, person, mine: await held(tx, id, person), isTaken };
}

/** The entry of the name that somebody holds. */
async function held(
  tx: KvTransaction,
  userId: string,
  person: PersonRecord | undefined,
): Promise<NameRecord | undefined> {
  if (person?.key === undefined) return;
  const mine = await tx.guard<NameRecord>(KEYS.name(person.key));
  return mine?.id === userId ? mine : undefined;
}

function hold(
  tx: KvTransaction,
  { id, name }: User,
  { at }: PersonRecord,
  holding: Pick<NameRecord, "keepMs" | "endsAt">,
): void {
  const { endsAt } = holding;
  const sweptIn = endsAt === null ? undefined : Math.max(0, endsAt - Date.now()) + SWEPT_AFTER_MS;
  const key = nameKey(name);
  tx.set(KEYS.name(key), { id, name, ...holding }, sweptIn);
  tx.set(KEYS.person(id), { key, at }, sweptIn);
}

/** Frees the name that somebody held before another one. */
async function freeOther(tx: KvTransaction, { id, name }: User, before: PersonRecord) {
  if (before.key === nameKey(name)) return;
  if (await held(tx, id, before)) tx.delete(KEYS.name(before.key!));
}

function free(tx: KvTransaction, userId: string, { key, at }: PersonRecord): void {
  tx.delete(KEYS.name(key!));
  if (at.length > 0) tx.set(KEYS.person(userId), { at });
  else tx.delete(KEYS.person(userId));
}

function isKept({ endsAt }: NameRecord): boolean {
  return endsAt === null || endsAt > Date.now();
}

function toUser({ id, name }: NameRecord): User {
  return { id, name };
}
