import { mentions } from "../model/mentions.ts";
import type { User } from "../model/user.ts";
import { chunk, type KvDatabase } from "./kv_database.ts";
import type { KvHistory } from "./kv_history.ts";
import { type Key, KEYS } from "./kv_keys.ts";
import { KV_LIMITS } from "./kv_limits.ts";
import type { HeadRecord, MessageRecord } from "./kv_messages.ts";
import { NO_PEOPLE, type PeopleRecord } from "./kv_seats.ts";
import { type KvTransaction, transact } from "./kv_transaction.ts";
import { type Mark, MAX_UNREAD, type Standing } from "./store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a room stays somebody's who does not come back to it, in days: as long as a token lives. */
const KEPT_DAYS = 30;

/** That a room is a person's. */
interface StandingRecord {
  /** On which day they joined it last, in days since 1970; absent for a direct room, which stays theirs. */
  readonly day?: number;
}

/**
 * People's rooms in Deno KV, and how far they have read in each.
 *
 * How far stands under a key of its own, which the database itself only ever raises.
 */
export class KvStandings {
  readonly #db: KvDatabase;
  readonly #history: KvHistory;

  /** Counts by way of the history. */
  constructor(db: KvDatabase, history: KvHistory) {
    this.#db = db;
    this.#history = history;
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  async withdraw(userId: string, room: string): Promise<void> {
    await transact(this.#db, async (tx) => {
      const people = await tx.guard<PeopleRecord>(KEYS.people(room)) ?? NO_PEOPLE;
      if (await tx.read(KEYS.seat(room, userId)) !== undefined) return;
      await drop(tx, userId, room);
      // So that whoever enters meanwhile does it once more, and finds that the room is not theirs.
      tx.set(KEYS.people(room), people);
    });
  }

  /** Forgets all rooms of a person who will not come back, and answers how many. */
  async forget(userId: string): Promise<number> {
    const rooms = await this.#rooms(userId);
    for (const some of chunk(rooms, 100)) {
      await transact(this.#db, async (tx) => {
        for (const room of some) await drop(tx, userId, room);
      });
    }
    return rooms.length;
  }

  /** Forgets at most `limit` of the rooms that nobody has joined for as long as they are kept. */
  async removeOld(limit: number): Promise<void> {
    const range = { start: KEYS.joined(0), end: KEYS.joined(today() - KEPT_DAYS) };
    for (const { key } of await this.#db.listAll(range, { limit })) {
      const [day, userId, room] = key.slice(-3) as [number, string, string];
      await transact(this.#db, async (tx) => {
        const standing = await tx.guard<StandingRecord>(KEYS.standing(userId, room));
        if (standing?.day === day) await drop(tx, userId, room);
        else tx.delete(key);
      });
    }
  }

  /** Notes how far people have read in rooms of theirs. A mark only ever rises, and never past the head. */
  async mark(marks: readonly Mark[]): Promise<void> {
    for (const some of chunk(marks, KV_LIMITS.mutations / 4)) {
      const [standings, heads] = await Promise.all([
        this.#db.getMany(some.map(({ userId, room }) => KEYS.standing(userId, room))),
        this.#db.getMany<HeadRecord>(some.map(({ room }) => KEYS.log(room, true))),
      ]);
      const mutations = some.flatMap(({ userId, room, seq }, i): Deno.KvMutation[] => {
        if (standings[i]!.value === null) return [];
        const value = new Deno.KvU64(BigInt(Math.min(seq, heads[i]!.value?.seq ?? 0)));
        return [{ type: "max", key: KEYS.read(userId, room) as Deno.KvKey, value }];
      });
      if (mutations.length > 0) await this.#db.commit([], mutations);
    }
  }

  /** How far a person has come in each of their rooms, by name. */
  async standings(user: User): Promise<Standing[]> {
    const rooms = await this.#rooms(user.id);
    return await this.#count(rooms.map((room) => ({ room, user })));
  }

  /** How far some people have come in one room; without those whose room it is not. */
  async standingsIn(room: string, users: readonly User[]): Promise<Standing[]> {
    const found = await this.#db.getMany(users.map(({ id }) => KEYS.standing(id, room)));
    const theirs = users.filter((_, index) => found[index]!.value !== null);
    return await this.#count(theirs.map((user) => ({ room, user })));
  }

  async #rooms(userId: string): Promise<string[]> {
    const found = await this.#db.listAll({ prefix: KEYS.standing(userId) });
    return found.map(({ key }) => key.at(-1) as string);
  }

  async #count(standings: readonly { room: string; user: User }[]): Promise<Standing[]> {
    const [marks, heads] = await Promise.all([
      this.#db.getMany<Deno.KvU64>(standings.map(({ room, user }) => KEYS.read(user.id, room))),
      this.#db.getMany<HeadRecord>(standings.map(({ room }) => KEYS.log(room, true))),
    ]);
    return await Promise.all(standings.map(async ({ room, user }, i) => {
      const read = Number(marks[i]!.value?.value ?? 0);
      const head = heads[i]!.value;
      const texts = await this.#unread(room, read, user.id);
      const named = texts.filter((text) => mentions(text, user.name));
      return {
        room,
        userId: user.id,
        seq: head?.seq ?? 0,
        read,
        unread: texts.length,
        mentions: named.length,
        ...await this.#history.newestOf(room, head),
      };
    }));
  }

  /** The texts of the first messages of others after a place. */
  async #unread(room: string, after: number, userId: string): Promise<string[]> {
    const texts: string[] = [];
    const range = { start: KEYS.log(room, after + 1), end: KEYS.log(room, true) };
    for await (const { value } of this.#db.list<MessageRecord>(range)) {
      if (value.text !== undefined && value.user_id !== userId) texts.push(value.text);
      if (texts.length >= MAX_UNREAD) break;
    }
    return texts;
  }
}

/** The keys that {@linkcode enroll} reads. */
export function enrollmentKeys(userId: string, room: string): Key[] {
  return [KEYS.standing(userId, room), KEYS.log(room, true)];
}

/** Makes a room one of a person's, read up to its head, unless it is one already. */
export async function enroll(tx: KvTransaction, userId: string, room: string): Promise<void> {
  const key = KEYS.standing(userId, room);
  const standing = await tx.read<StandingRecord>(key);
  if (standing === undefined) {
    const head = await tx.read<HeadRecord>(KEYS.log(room, true));
    tx.set(KEYS.read(userId, room), new Deno.KvU64(BigInt(head?.seq ?? 0)));
  }
  if (room.startsWith("~")) {
    if (standing === undefined) tx.set(key, {});
    return;
  }
  const day = today();
  if (standing?.day === day) return;
  if (standing?.day !== undefined) tx.delete(KEYS.joined(standing.day, userId, room));
  tx.set(KEYS.joined(day, userId, room), true);
  tx.set(key, { day });
}

/** Takes a room off a person's, unless it is a direct one. */
async function drop(tx: KvTransaction, userId: string, room: string): Promise<void> {
  const key = KEYS.standing(userId, room);
  const standing = await tx.read<StandingRecord>(key);
  if (standing?.day === undefined) return;
  tx.delete(key);
  tx.delete(KEYS.read(userId, room));
  tx.delete(KEYS.joined(standing.day, userId, room));
}

function today(): number {
  return Math.floor(Date.now() / DAY_MS);
}
