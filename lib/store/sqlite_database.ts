import type { StatementSync } from "node:sqlite";
import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import { GENERAL } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Synchronous } from "./sqlite_calls.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";
import { SqliteDirects } from "./sqlite_directs.ts";
import { SqliteHistory } from "./sqlite_history.ts";
import { SqliteIndex } from "./sqlite_index.ts";
import { SqliteLog } from "./sqlite_log.ts";
import { SqliteMessages } from "./sqlite_messages.ts";
import { SqliteNames } from "./sqlite_names.ts";
import { SqlitePresence } from "./sqlite_presence.ts";
import { SqliteRetention } from "./sqlite_retention.ts";
import { openDatabase, renewEpoch, setMeta, type SqliteSync } from "./sqlite_schema.ts";
import { SqliteSearch } from "./sqlite_search.ts";
import { SqliteStandings } from "./sqlite_standings.ts";
import type {
  Appended,
  Beat,
  Claim,
  Direct,
  Head,
  Mark,
  Move,
  Moved,
  PageQuery,
  People,
  Pulse,
  Retention,
  RoomSummary,
  SearchQuery,
  Snapshot,
  Standing,
  Store,
} from "./store.ts";

/** How long a room stays somebody's who does not come back to it, in milliseconds: as long as a token lives. */
const STANDING_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** The most steps in which a search has texts indexed that it would not find otherwise: 10,000 messages. */
export const STEPS_A_SEARCH = 20;

/** How a {@linkcode SqliteDatabase} is opened. */
export interface SqliteDatabaseOptions {
  /** How far a commit waits for the disk. */
  readonly sync: SqliteSync;
  /** The clock that leases and names go by, in milliseconds since 1970. */
  readonly now?: () => number;
  /** How many rows of lapsed instances one beat removes, by default {@linkcode MAX_REMOVED}. */
  readonly maxRemoved?: number;
}

/**
 * All that a store does, over one SQLite file and without waiting: it blocks the thread that it runs on.
 *
 * A method that writes is one atomic step only inside {@linkcode SqliteDatabase.transact}. Every method throws what
 * `node:sqlite` throws.
 */
export class SqliteDatabase implements Synchronous<Store> {
  readonly #db: SqliteConnection;
  readonly #log: SqliteLog;
  readonly #history: SqliteHistory;
  readonly #messages: SqliteMessages;
  readonly #names: SqliteNames;
  readonly #now: () => number;
  readonly #standings: SqliteStandings;
  readonly #directs: SqliteDirects;
  readonly #retention: SqliteRetention;
  readonly #presence: SqlitePresence;
  readonly #index: SqliteIndex;
  readonly #search: SqliteSearch;
  readonly #sync: SqliteSync;
  readonly #meta: StatementSync;
  readonly #heads: StatementSync;
  readonly #rooms: StatementSync;

  /**
   * Opens a database, or makes it.
   *
   * `path` is a file or `":memory:"`. Throws an `Error` of one sentence for the person who runs the server.
   */
  constructor(path: string, { sync, now = Date.now, maxRemoved }: SqliteDatabaseOptions) {
    this.#db = openDatabase(path, sync, now);
    this.#log = new SqliteLog(this.#db);
    this.#history = new SqliteHistory(this.#db);
    this.#messages = new SqliteMessages(this.#db);
    this.#names = new SqliteNames(this.#db, now);
    this.#now = now;
    this.#standings = new SqliteStandings(this.#db, now);
    this.#directs = new SqliteDirects(this.#db, this.#standings);
    this.#retention = new SqliteRetention(this.#db, now);
    this.#presence = new SqlitePresence(this.#db, this.#names, this.#standings, now, maxRemoved);
    this.#index = new SqliteIndex(this.#db);
    this.#search = new SqliteSearch(this.#db);
    this.#sync = sync;
    this.#meta = this.#db.prepare("SELECT value FROM meta WHERE key = ?");
    this.#heads = this.#db.prepare(
      "SELECT room, seq, rev FROM room WHERE room IN (SELECT value FROM json_each(?))",
    );
    this.#rooms = this.#db.prepare(`
      SELECT room, seq, time, (
        SELECT count(DISTINCT user_id) FROM present WHERE present.room = room.room
      ) AS count
      FROM room
      WHERE substr(room, 1, 1) <> '~' AND (seq > 0 OR count > 0 OR room = '${GENERAL}')
      ORDER BY room`);
  }

  /** Does work in one transaction: all of it is durable when this returns, and nothing of it if this throws. */
  transact<T>(mode: "read" | "write", work: () => T): T {
    this.#db.exec(mode === "write" ? "BEGIN IMMEDIATE" : "BEGIN");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.rollBack();
      throw error;
    }
  }

  /** Appends changes, in order. */
  append(drafts: readonly Draft[]): Appended[] {
    return this.#log.append(drafts);
  }

  /** The changes of a room above a `seq`. */
  changes(room: string, after: number, limit: number): Change[] {
    return this.#history.changes(room, after, limit);
  }

  /** A room as it stands. */
  snapshot(room: string, limit: number): Snapshot {
    const { epoch, heads: [head] } = this.heads([room]);
    return {
      epoch,
      seq: head!.seq,
      messages: this.#history.page(room, { limit }),
      people: this.#presence.people(room),
    };
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Message[] {
    return this.#history.page(room, query);
  }

  /** The messages of a room whose version is above a `seq`. */
  changedSince(room: string, seq: number, limit: number): Message[] {
    return this.#history.changedSince(room, seq, limit);
  }

  /** One message of a room. */
  message(room: string, id: string): Message | undefined {
    return this.#history.message(room, id);
  }

  /** The messages in which a text is found; inside a transaction that writes. */
  search(query: SearchQuery): Message[] {
    for (let steps = 0; this.#index.isBehind && steps < STEPS_A_SEARCH; steps++) this.#index.step();
    return this.#search.search(query);
  }

  /** Whether there are messages that only a step of {@linkcode SqliteDatabase.index} lets a search find. */
  get isBehind(): boolean {
    return this.#index.isBehind;
  }

  /** Indexes some of the texts that a search does not find yet, in a transaction of its own; answers whether there is more to do. */
  index(): boolean {
    // It waits for no disk: what is lost of the index is made again, and the next commit takes the rest with it.
    this.#db.exec("PRAGMA synchronous = normal");
    try {
      return this.transact("write", () => this.#index.step());
    } finally {
      this.#db.exec(`PRAGMA synchronous = ${this.#sync}`);
    }
  }

  /** The epoch and where rooms stand, in one query. */
  heads(rooms: readonly string[]): { readonly epoch: string; readonly heads: readonly Head[] } {
    const rows = this.#heads.all(JSON.stringify(rooms)).map((row) => ({
      ...row as unknown as Head,
    }));
    const heads = new Map(rows.map((head) => [head.room, head]));
    return {
      epoch: this.#meta.get("epoch")!.value as string,
      heads: rooms.map((room) => heads.get(room) ?? { room, seq: 0, rev: 0 }),
    };
  }

  /** The rooms that people may list. */
  rooms(): RoomSummary[] {
    return (this.#rooms.all() as unknown as RoomSummary[]).map((row) => ({
      ...row,
      ...this.#messages.newest(row.room),
    }));
  }

  /** Takes over the key that signs tokens from the database whose place this one has taken. */
  adopt(secret: Uint8Array): void {
    setMeta(this.#db, "secret", secret);
  }

  /** The key that signs tokens. */
  secret(): Uint8Array {
    return this.#meta.get("secret")!.value as Uint8Array;
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve(user: User, keepMs: number): boolean {
    return this.#names.reserve(user, keepMs);
  }

  /** Frees the name of somebody who is not connected. */
  release(userId: string): void {
    this.#names.release(userId);
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): boolean[] {
    return this.#presence.connect(instance, claims);
  }

  /** Notes people as no longer connected at an instance. */
  disconnect(instance: string, userIds: readonly string[]): void {
    this.#presence.disconnect(instance, userIds);
  }

  /** Notes who is in which room at an instance. */
  move(instance: string, moves: readonly Move[]): (Moved | undefined)[] {
    return this.#presence.move(instance, moves);
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  withdraw(userId: string, room: string): void {
    this.#standings.withdraw(userId, room);
  }

  /** Notes how far people have read. */
  mark(marks: readonly Mark[]): void {
    this.#standings.mark(marks);
  }

  /** How far a person has come in each of their rooms. */
  standings(user: User): Standing[] {
    return this.#standings.standings(user);
  }

  /** How far some people have come in one room. */
  standingsIn(room: string, users: readonly User[]): Standing[] {
    return this.#standings.standingsIn(room, users);
  }

  /** Removes some of the messages that are not kept, and a few of the rooms that people do not come back to. */
  prune(retention: Retention, from: string): string | undefined {
    this.#standings.removeOld(this.#now() - STANDING_KEPT_MS, 100);
    return this.#retention.prune(retention, from);
  }

  /** Gives the log a new epoch. */
  renew(epoch: string): void {
    if (this.#meta.get("epoch")!.value === epoch) renewEpoch(this.#db, this.#now());
  }

  /** The direct room of two people. */
  direct(users: readonly [User, User]): Direct {
    return this.#directs.direct(users);
  }

  /** The two of a direct room. */
  directOf(room: string): Direct | undefined {
    return this.#directs.of(room);
  }

  /** A person's direct rooms. */
  directs(userId: string): readonly Direct[] {
    return this.#directs.ofUser(userId);
  }

  /** Who holds a name. */
  holder(name: string): User | undefined {
    return this.#names.holder(name);
  }

  /** Who of some people hold a name. */
  holders(userIds: readonly string[]): User[] {
    return this.#names.holders(userIds);
  }

  /** Everyone in a room. */
  people(room: string): People {
    return this.#presence.people(room);
  }

  /** Renews an instance's lease and says where rooms stand. */
  beat(beat: Beat): Pulse {
    return { ...this.#presence.beat(beat), ...this.heads(beat.rooms) };
  }

  /** Sets the end of an instance's lease. */
  expire(instance: string, inMs: number): void {
    this.#presence.expire(instance, inMs);
  }

  /** Lets go of the file. */
  close(): void {
    this.#db.close();
  }
}
