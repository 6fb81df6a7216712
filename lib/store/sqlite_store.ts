import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import type { SqliteCaller } from "./sqlite_caller.ts";
import { type PackedAppended, unpackAppended } from "./sqlite_calls.ts";
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

/** The store of one isolate, over the SQLite database that a Worker holds for the whole process. */
export class SqliteStore implements Store {
  /** SQLite can. */
  readonly searchable = true;
  readonly #caller: SqliteCaller;
  #searcher: SqliteCaller | undefined;
  readonly #letGo: () => Promise<void>;
  #closed: Promise<void> | undefined;

  /** `letGo` is called when the store is closed. */
  constructor(caller: SqliteCaller, letGo: () => Promise<void>) {
    this.#caller = caller;
    this.#letGo = letGo;
  }

  /** Appends changes, in order. */
  async append(drafts: readonly Draft[]): Promise<readonly Appended[]> {
    const packed: unknown = await this.#caller.call("append", drafts);
    return unpackAppended(drafts, packed as readonly PackedAppended[]);
  }

  /** The changes of a room above a `seq`. */
  changes(room: string, after: number, limit: number): Promise<readonly Change[]> {
    return this.#caller.call("changes", room, after, limit);
  }

  /** A room as it stands. */
  snapshot(room: string, limit: number): Promise<Snapshot> {
    return this.#caller.call("snapshot", room, limit);
  }

  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Promise<readonly Message[]> {
    return this.#caller.call("page", room, query);
  }

  /** The messages of a room whose version is above a `seq`. */
  changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]> {
    return this.#caller.call("changedSince", room, seq, limit);
  }

  /** One message of a room. */
  message(room: string, id: string): Promise<Message | undefined> {
    return this.#caller.call("message", room, id);
  }

  /** The messages in which a text is found. */
  search(query: SearchQuery): Promise<readonly Message[] | undefined> {
    if (!this.#closed) this.#searcher ??= this.#caller.searcher();
    return (this.#searcher ?? this.#caller).call("search", query);
  }

  /** The epoch and where rooms stand. */
  heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }> {
    return this.#caller.call("heads", rooms);
  }

  /** The rooms that people may list. */
  rooms(): Promise<readonly RoomSummary[]> {
    return this.#caller.call("rooms");
  }

  /** The key that signs tokens. */
  async secret(): Promise<Uint8Array> {
    return Uint8Array.from(await this.#caller.call("secret"));
  }

  /** Holds a name for somebody who has no connection yet. */
  reserve(user: User, keepMs: number): Promise<boolean> {
    return this.#caller.call("reserve", user, keepMs);
  }

  /** Frees the name of somebody who is not connected. */
  release(userId: string): Promise<void> {
    return this.#caller.call("release", userId);
  }

  /** Notes people as connected at an instance. */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]> {
    return this.#caller.call("connect", instance, claims);
  }

  /** Notes people as no longer connected at an instance. */
  disconnect(instance: string, userIds: readonly string[]): Promise<void> {
    return this.#caller.call("disconnect", instance, userIds);
  }

  /** Notes who is in which room at an instance. */
  async move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]> {
    const moved = await this.#caller.call("move", instance, moves);
    // A list in JSON has null where it should have undefined.
    return moved.map((move) => move ?? undefined);
  }

  /** Takes a room off a person's rooms, unless they are still in it. */
  withdraw(userId: string, room: string): Promise<void> {
    return this.#caller.call("withdraw", userId, room);
  }

  /** Notes how far people have read. */
  mark(marks: readonly Mark[]): Promise<void> {
    return this.#caller.call("mark", marks);
  }

  /** How far a person has come in each of their rooms. */
  standings(user: User): Promise<readonly Standing[]> {
    return this.#caller.call("standings", user);
  }

  /** How far some people have come in one room. */
  standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]> {
    return this.#caller.call("standingsIn", room, users);
  }

  /** Removes some of the messages that are not kept. */
  async prune({ sentBefore, perRoom }: Retention, from: string): Promise<string | undefined> {
    // JSON has no infinity.
    const limit = Math.min(perRoom, Number.MAX_SAFE_INTEGER);
    return await this.#caller.call("prune", { sentBefore, perRoom: limit }, from) ?? undefined;
  }

  /** Gives the log a new epoch. */
  renew(epoch: string): Promise<void> {
    return this.#caller.call("renew", epoch);
  }

  /** The direct room of two people. */
  direct(users: readonly [User, User]): Promise<Direct> {
    return this.#caller.call("direct", users);
  }

  /** The two of a direct room. */
  directOf(room: string): Promise<Direct | undefined> {
    return this.#caller.call("directOf", room);
  }

  /** A person's direct rooms. */
  directs(userId: string): Promise<readonly Direct[]> {
    return this.#caller.call("directs", userId);
  }

  /** Who holds a name. */
  holder(name: string): Promise<User | undefined> {
    return this.#caller.call("holder", name);
  }

  /** Who of some people hold a name now. */
  holders(userIds: readonly string[]): Promise<readonly User[]> {
    return this.#caller.call("holders", userIds);
  }

  /** Everyone in a room. */
  people(room: string): Promise<People> {
    return this.#caller.call("people", room);
  }

  /** Renews an instance's lease and says where rooms stand. */
  beat(beat: Beat): Promise<Pulse> {
    return this.#caller.call("beat", beat);
  }

  /** Sets the end of an instance's lease. */
  expire(instance: string, inMs: number): Promise<void> {
    return this.#caller.call("expire", instance, inMs);
  }

  /** Finishes what was begun; calls that are made afterwards reject. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    await Promise.all([this.#caller.close(), this.#searcher?.close()]);
    await this.#letGo();
  }
}
