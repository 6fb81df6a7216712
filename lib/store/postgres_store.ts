import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import { GENERAL } from "../model/names.ts";
import type { User } from "../model/user.ts";
import { type NewestRow, toNewest } from "./newest.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { PostgresDirects } from "./postgres_directs.ts";
import { PostgresHistory } from "./postgres_history.ts";
import { PostgresLog } from "./postgres_log.ts";
import { holderOf, holdersOf } from "./postgres_names.ts";
import { type PackedLog, PostgresPeople, unpackLog } from "./postgres_people.ts";
import { PostgresRetention } from "./postgres_retention.ts";
import { PostgresSearch } from "./postgres_search.ts";
import { newestOf, PostgresStandings } from "./postgres_standings.ts";
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
  type SearchQuery,
  type Snapshot,
  type Standing,
  type Store,
  StoreUnavailableError,
} from "./store.ts";

const ROOMS = `
  SELECT room, coalesce(seq, 0) AS seq, coalesce(time, 0) AS time, count, ${
  newestOf("known.room")
} AS newest
  FROM (
    SELECT room FROM room UNION SELECT room FROM crowd
  ) known
  LEFT JOIN room USING (room)
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT user_id) FROM present WHERE present.room = known.room
  ) people
  WHERE left(room, 1) <> '~' AND (seq > 0 OR count > 0 OR room = '${GENERAL}')
  ORDER BY room`;

/** The store of one instance, over a PostgreSQL database that has the schema. */
export class PostgresStore implements Store {
  /** PostgreSQL can. */
  readonly searchable = true;
  readonly #client: PostgresClient;
  readonly #log: PostgresLog;
  readonly #history: PostgresHistory;
  readonly #people: PostgresPeople;
  readonly #standings: PostgresStandings;
  readonly #directs: PostgresDirects;
  readonly #retention: PostgresRetention;
  readonly #search: PostgresSearch;
  #closed: Promise<void> | undefined;

  /** `client` becomes the store's own. */
  constructor(client: PostgresClient, people: PostgresPeople) {
    this.#client = client;
    this.#log = new PostgresLog(client);
    this.#history = new PostgresHistory(client);
    this.#people = people;
    this.#standings = new PostgresStandings(client);
    this.#directs = new PostgresDirects(client);
    this.#retention = new PostgresRetention(client);
    this.#search = new PostgresSearch(client);
  }

  /** Appends changes, in order. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    return this.#whileOpen(() => this.#log.append(drafts));
  }

  /** The changes of a room above a `seq`. */
  changes(room: string, after: number, limit: number): Promise<readonly Change[]> {
    return this.#history.changes(room, after, limit);
  }

  /** A room as it stands. */
  snapshot(room: string, limit: number): Promise<Snapshot> {
    return this.#history.snapshot(room, limit);
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Promise<readonly Message[]> {
    return this.#history.page(room, query);
  }

  /** The messages of a room whose version is above a `seq`. */
  changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    return this.#history.changedSince(room, seq, limit);
  }

  /** One message of a room. */
  message(room: string, id: string): Promise<Message | undefined> {
    return this.#history.message(room, id);
  }

  /** The messages in which a text is found. */
  search(query: SearchQuery): Promise<readonly Message[]> {
    return this.#search.search(query);
  }

  /** The epoch and where rooms stand. */
  async heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }> {
    const row = await this.#client.row<{ log: PackedLog }>(
      "SELECT heads($1::text::json) AS log",
      [JSON.stringify(rooms)],
    );
    return unpackLog(rooms, row!.log);
  }

  /** The rooms that people may list. */
  async rooms(): Promise<readonly RoomSummary[]> {
    const rows = await this.#client.rows<RoomSummary & { newest: NewestRow | null }>(ROOMS);
    return rows.map(({ newest, ...room }) => ({
      ...room,
      ...(newest && { newest: toNewest(newest) }),
    }));
  }

  /** The key that signs tokens. */
  async secret(): Promise<Uint8Array> {
    const row = await this.#client.row<{ value: string }>(
      "SELECT value FROM meta WHERE key = 'secret'",
    );
    return Uint8Array.fromHex(row!.value);
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve(user: User, keepMs: number): Promise<boolean> {
    return this.#whileOpen(() => this.#people.reserve(user, keepMs));
  }

  /** Frees the name of somebody who is not connected. */
  release(userId: string): Promise<void> {
    return this.#whileOpen(() => this.#people.release(userId));
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]> {
    return this.#whileOpen(() => this.#people.connect(instance, claims));
  }

  /** Notes people as no longer connected at an instance. */
  disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    return this.#whileOpen(() => this.#people.disconnect(instance, userIds));
  }

  /** Notes who is in which room at an instance. */
  move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]> {
    return this.#whileOpen(() => this.#people.move(instance, moves));
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  withdraw(userId: string, room: string): Promise<void> {
    return this.#whileOpen(() => this.#people.withdraw(userId, room));
  }

  /** Notes how far people have read. */
  mark(marks: readonly Mark[]): Promise<void> {
    return this.#whileOpen(() => this.#people.mark(marks));
  }

  /** How far a person has come in each of their rooms. */
  standings(user: User): Promise<readonly Standing[]> {
    return this.#standings.standings(user);
  }

  /** How far some people have come in one room. */
  standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]> {
    return this.#standings.standingsIn(room, users);
  }

  /** Removes some of the messages that are not kept, and a few of the rooms that people do not come back to. */
  prune(retention: Retention, from: string): Promise<string | undefined> {
    return this.#retention.prune(retention, from);
  }

  /** Gives the log a new epoch. */
  renew(epoch: string): Promise<void> {
    return this.#whileOpen(() => this.#people.renew(epoch));
  }

  /** The direct room of two people. */
  direct(users: readonly [User, User]): Promise<Direct> {
    return this.#whileOpen(() => this.#directs.direct(users));
  }

  /** The two of a direct room. */
  directOf(room: string): Promise<Direct | undefined> {
    return this.#directs.of(room);
  }

  /** A person's direct rooms. */
  directs(userId: string): Promise<readonly Direct[]> {
    return this.#directs.ofUser(userId);
  }

  /** Who holds a name. */
  holder(name: string): Promise<User | undefined> {
    return holderOf(this.#client, name);
  }

  /** Who of some people hold a name now. */
  holders(userIds: readonly string[]): Promise<readonly User[]> {
    return holdersOf(this.#client, userIds);
  }

  /** Everyone in a room. */
  people(room: string): Promise<People> {
    return this.#history.people(room);
  }

  /** Renews an instance's lease and says where rooms stand. */
  beat(beat: Beat): Promise<Pulse> {
    return this.#whileOpen(() => this.#people.beat(beat));
  }

  /** Sets the end of an instance's lease. */
  expire(instance: string, inMs: number): Promise<void> {
    return this.#whileOpen(() => this.#people.expire(instance, inMs));
  }

  /** Finishes what was begun; calls that are made afterwards reject. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#log.settled(), this.#people.settled()]);
    await this.#client.close();
  }

  /** Calls wait for their turn before they reach the client, which knows nothing of those that wait. */
  #whileOpen<T>(call: () => Promise<T>): Promise<T> {
    return this.#closed ? Promise.reject(new StoreUnavailableError("The store is closed")) : call();
  }
}
