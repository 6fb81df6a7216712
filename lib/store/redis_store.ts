import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import type { RedisDirects } from "./redis_directs.ts";
import type { RedisEpoch } from "./redis_epoch.ts";
import type { RedisHistory } from "./redis_history.ts";
import type { RedisLog } from "./redis_log.ts";
import type { RedisNames } from "./redis_names.ts";
import type { RedisPresence } from "./redis_presence.ts";
import type { RedisRetention } from "./redis_retention.ts";
import type { RedisRooms } from "./redis_rooms.ts";
import type { RedisStandings } from "./redis_standings.ts";
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
  Snapshot,
  Standing,
  Store,
} from "./store.ts";

/** What a {@linkcode RedisStore} is made of. */
export interface RedisParts {
  /** The epoch, and the key that signs tokens. */
  readonly epoch: RedisEpoch;
  /** Writes logs. */
  readonly log: RedisLog;
  /** Reads them. */
  readonly history: RedisHistory;
  /** Where rooms stand. */
  readonly rooms: RedisRooms;
  /** Who holds which name. */
  readonly names: RedisNames;
  /** Who is where. */
  readonly presence: RedisPresence;
  /** How far people have read. */
  readonly standings: RedisStandings;
  /** Rooms of two. */
  readonly directs: RedisDirects;
  /** Removes what is not kept. */
  readonly retention: RedisRetention;
  /** Lets go of the server. */
  readonly close: () => Promise<void>;
}

/** The store of one instance over a Redis server. */
export class RedisStore implements Store {
  /** Redis cannot. */
  readonly searchable = false;
  readonly #parts: RedisParts;
  #closed: Promise<void> | undefined;

  /** Is open as long as its parts are. */
  constructor(parts: RedisParts) {
    this.#parts = parts;
  }

  /** Appends changes, in order. */
  async append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    if (drafts.length === 0) return [];
    const appended = await this.#parts.log.append(drafts);
    this.#parts.epoch.told(
      appended.flatMap((one) => "change" in one ? [one.change] : []),
    );
    return appended;
  }

  /** The changes of a room above a `seq`. */
  async changes(room: string, after: number, limit: number): Promise<readonly Change[]> {
    const changes = await this.#parts.history.changes(room, after, limit);
    this.#parts.epoch.told(changes.slice(-1));
    return changes;
  }

  /** A room as it stands. */
  async snapshot(room: string, limit: number): Promise<Snapshot> {
    const snapshot = await this.#parts.rooms.snapshot(room, limit);
    this.#parts.epoch.is(snapshot.epoch);
    this.#parts.epoch.told([{ room, seq: snapshot.seq }]);
    return snapshot;
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Promise<readonly Message[]> {
    return this.#parts.history.page(room, query);
  }

  /** The messages of a room whose version is above a `seq`. */
  changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    return this.#parts.history.changedSince(room, seq, limit);
  }

  /** One message of a room. */
  message(room: string, id: string): Promise<Message | undefined> {
    return this.#parts.history.message(room, id);
  }

  /** Redis looks texts up by their place only. */
  search(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** The epoch and where rooms stand. */
  async heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }> {
    return this.#noted(await this.#parts.rooms.heads(rooms));
  }

  /** The rooms that people may list. */
  rooms(): Promise<readonly RoomSummary[]> {
    return this.#parts.rooms.rooms();
  }

  /** Removes some of the messages that are not kept. */
  prune(retention: Retention, from: string): Promise<string | undefined> {
    return this.#parts.retention.prune(retention, from);
  }

  /** Gives the log a new epoch. */
  renew(epoch: string): Promise<void> {
    return this.#parts.epoch.renew(epoch);
  }

  /** The key that signs tokens. */
  secret(): Promise<Uint8Array> {
    return this.#parts.epoch.secret();
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve(user: User, keepMs: number): Promise<boolean> {
    return this.#parts.names.reserve(user, keepMs);
  }

  /** Frees the name of somebody who signed out. */
  release(userId: string): Promise<void> {
    return this.#parts.names.release(userId);
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]> {
    return this.#parts.presence.connect(instance, claims);
  }

  /** Notes people as no longer connected at an instance. */
  disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    return this.#parts.presence.disconnect(instance, userIds);
  }

  /** Notes who is in which room at an instance. */
  move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]> {
    return this.#parts.presence.move(instance, moves);
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  withdraw(userId: string, room: string): Promise<void> {
    return this.#parts.standings.withdraw(userId, room);
  }

  /** Notes how far people have read. */
  mark(marks: readonly Mark[]): Promise<void> {
    return this.#parts.standings.mark(marks);
  }

  /** How far a person has come in each of their rooms. */
  standings(user: User): Promise<readonly Standing[]> {
    return this.#parts.standings.standings(user);
  }

  /** How far some people have come in one room. */
  standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]> {
    return this.#parts.standings.standingsIn(room, users);
  }

  /** The direct room of two people. */
  direct(users: readonly [User, User]): Promise<Direct> {
    return this.#parts.directs.direct(users);
  }

  /** The two of a direct room. */
  directOf(room: string): Promise<Direct | undefined> {
    return this.#parts.directs.of(room);
  }

  /** A person's direct rooms. */
  directs(userId: string): Promise<readonly Direct[]> {
    return this.#parts.directs.ofUser(userId);
  }

  /** Who holds a name. */
  holder(name: string): Promise<User | undefined> {
    return this.#parts.names.holder(name);
  }

  /** Who of some people hold a name now. */
  holders(userIds: readonly string[]): Promise<readonly User[]> {
    return this.#parts.names.holders(userIds);
  }

  /** Everyone in a room. */
  people(room: string): Promise<People> {
    return this.#parts.presence.people(room);
  }

  /** Renews an instance's lease and says where rooms stand. */
  async beat(beat: Beat): Promise<Pulse> {
    return this.#noted(await this.#parts.presence.beat(beat));
  }

  /** Sets the end of an instance's lease. */
  expire(instance: string, inMs: number): Promise<void> {
    return this.#parts.presence.expire(instance, inMs);
  }

  /** Finishes what was begun; calls that are made afterwards reject. */
  close(): Promise<void> {
    return this.#closed ??= this.#parts.close();
  }

  #noted<T extends Pick<Pulse, "epoch" | "heads">>(answer: T): T {
    this.#parts.epoch.is(answer.epoch);
    this.#parts.epoch.told(answer.heads);
    return answer;
  }
}
