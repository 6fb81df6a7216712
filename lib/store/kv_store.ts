import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import { KvDatabase } from "./kv_database.ts";
import { KvDirects } from "./kv_directs.ts";
import { KvEpoch } from "./kv_epoch.ts";
import { KvHistory } from "./kv_history.ts";
import { KvLeases } from "./kv_leases.ts";
import { KvLog } from "./kv_log.ts";
import { KvNames } from "./kv_names.ts";
import { KvPresence } from "./kv_presence.ts";
import { KvRetention } from "./kv_retention.ts";
import { KvRooms } from "./kv_rooms.ts";
import { KvStandings } from "./kv_standings.ts";
import {
  type Appended,
  type Beat,
  type Claim,
  type Direct,
  type Head,
  type Mark,
  type Move,
  type Moved,
  type PageQuery,
  type People,
  type Pulse,
  type Retention,
  type RoomSummary,
  type Snapshot,
  type Standing,
  type Store,
  StoreUnavailableError,
} from "./store.ts";

/** How a {@linkcode KvStore} differs from most. */
export interface KvStoreOptions {
  /** How many rows of lapsed instances one beat removes. */
  readonly maxRemoved?: number;
}

/** The store of one instance over a Deno KV database. */
export class KvStore implements Store {
  /** Deno KV knows keys only. */
  readonly searchable = false;
  readonly #db: KvDatabase;
  readonly #epoch: KvEpoch;
  readonly #log: KvLog;
  readonly #history: KvHistory;
  readonly #rooms: KvRooms;
  readonly #names: KvNames;
  readonly #leases: KvLeases;
  readonly #presence: KvPresence;
  readonly #standings: KvStandings;
  readonly #directs: KvDirects;
  readonly #retention: KvRetention;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** Is ready once the database was made ready. */
  constructor(db: KvDatabase, { maxRemoved }: KvStoreOptions = {}) {
    this.#db = db;
    this.#epoch = new KvEpoch(db);
    this.#log = new KvLog(db);
    this.#history = new KvHistory(db);
    this.#rooms = new KvRooms(db, this.#history);
    this.#names = new KvNames(db);
    this.#leases = new KvLeases(db);
    this.#standings = new KvStandings(db, this.#history);
    const [leases, standings] = [this.#leases, this.#standings];
    this.#presence = new KvPresence({ db, leases, standings, maxRemoved });
    this.#directs = new KvDirects(db);
    this.#retention = new KvRetention(db, this.#standings);
  }

  /** Makes a log where there is none; rejects if a newer release made its data. `file` tells a file from others. */
  prepare(file = ""): Promise<void> {
    return this.#epoch.prepare(file);
  }

  /** Appends changes, in order. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    return this.#do(async () => drafts.length === 0 ? [] : await this.#log.append(drafts));
  }

  /** The changes of a room above a `seq`. */
  changes(room: string, after: number, limit: number): Promise<readonly Change[]> {
    return this.#do(() => this.#history.changes(room, after, limit));
  }

  /** A room as it stands: its log at one moment, and its people at one that is close to it. */
  snapshot(room: string, limit: number): Promise<Snapshot> {
    return this.#do(async () => {
      const [epoch, newest, people] = await Promise.all([
        this.#epoch.read(),
        this.#history.newest(room, limit),
        this.#presence.people(room),
      ]);
      return { epoch, ...newest, people };
    });
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Promise<readonly Message[]> {
    return this.#do(() => this.#history.page(room, query));
  }

  /** The messages of a room whose version is above a `seq`. */
  changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    return this.#do(() => this.#history.changedSince(room, seq, limit));
  }

  /** One message of a room. */
  message(room: string, id: string): Promise<Message | undefined> {
    return this.#do(() => this.#history.message(room, id));
  }

  /** Deno KV knows keys only, and cannot search. */
  search(): Promise<undefined> {
    return this.#do(() => Promise.resolve(undefined));
  }

  /** The epoch and where rooms stand. */
  heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }> {
    return this.#do(async () => {
      const [epoch, heads] = await Promise.all([this.#epoch.read(), this.#rooms.heads(rooms)]);
      return { epoch, heads };
    });
  }

  /** The rooms that people may list. */
  rooms(): Promise<readonly RoomSummary[]> {
    return this.#do(() => this.#rooms.rooms());
  }

  /** Removes some of the messages that are not kept. */
  prune(retention: Retention, from: string): Promise<string | undefined> {
    return this.#do(() => this.#retention.prune(retention, from));
  }

  /** Gives the log a new epoch. */
  renew(epoch: string): Promise<void> {
    return this.#do(() => this.#epoch.renew(epoch));
  }

  /** The key that signs tokens. */
  secret(): Promise<Uint8Array> {
    return this.#do(() => this.#epoch.secret());
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve(user: User, keepMs: number): Promise<boolean> {
    return this.#do(() => this.#names.reserve(user, keepMs));
  }

  /** Frees the name of somebody who signed out. */
  release(userId: string): Promise<void> {
    return this.#do(() => this.#names.release(userId));
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]> {
    return this.#do(() => this.#presence.connect(instance, claims));
  }

  /** Notes people as no longer connected at an instance. */
  disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    return this.#do(() => this.#presence.disconnect(instance, userIds));
  }

  /** Notes who is in which room at an instance. */
  move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]> {
    return this.#do(() => this.#presence.move(instance, moves));
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  withdraw(userId: string, room: string): Promise<void> {
    return this.#do(() => this.#standings.withdraw(userId, room));
  }

  /** Notes how far people have read. */
  mark(marks: readonly Mark[]): Promise<void> {
    return this.#do(() => this.#standings.mark(marks));
  }

  /** How far a person has come in each of their rooms. */
  standings(user: User): Promise<readonly Standing[]> {
    return this.#do(() => this.#standings.standings(user));
  }

  /** How far some people have come in one room. */
  standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]> {
    return this.#do(() => this.#standings.standingsIn(room, users));
  }

  /** The direct room of two people. */
  direct(users: readonly [User, User]): Promise<Direct> {
    return this.#do(() => this.#directs.direct(users));
  }

  /** The two of a direct room. */
  directOf(room: string): Promise<Direct | undefined> {
    return this.#do(() => this.#directs.directOf(room));
  }

  /** A person's direct rooms, by name. */
  directs(userId: string): Promise<readonly Direct[]> {
    return this.#do(() => this.#directs.directs(userId));
  }

  /** Who holds a name now. */
  holder(name: string): Promise<User | undefined> {
    return this.#do(() => this.#names.holder(name));
  }

  /** Who of some people hold a name now. */
  holders(userIds: readonly string[]): Promise<readonly User[]> {
    return this.#do(() => this.#names.holders(userIds));
  }

  /** Everyone in a room. */
  people(room: string): Promise<People> {
    return this.#do(() => this.#presence.people(room));
  }

  /** Renews an instance's lease and says where rooms stand. */
  beat(beat: Beat): Promise<Pulse> {
    return this.#do(async () => {
      const epoch = await this.#epoch.look();
      const pulse = await this.#presence.beat(beat);
      return { ...pulse, epoch, heads: await this.#rooms.heads(beat.rooms) };
    });
  }

  /** Sets the end of an instance's lease. */
  expire(instance: string, inMs: number): Promise<void> {
    return this.#do(() => this.#leases.expire(instance, inMs));
  }

  /** Finishes what was begun; calls that are made afterwards reject. */
  close(): Promise<void> {
    return this.#closed ??= Promise.allSettled(this.#underWay).then(() => this.#db.close());
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailableError("The store is closed");
    const working = work();
    this.#underWay.add(working);
    try {
      return await working;
    } finally {
      this.#underWay.delete(working);
    }
  }
}
