import type { Change, Draft } from "../model/change.ts";
import type { Message, Newest } from "../model/message.ts";
import type { Term } from "../model/search_terms.ts";
import type { User } from "../model/user.ts";

/** The store cannot answer now. Whether a write took place is not known: repeat it with its nonce. */
export class StoreUnavailableError extends Error {
  /** The class. */
  override readonly name = "StoreUnavailableError";
}

/** What became of one draft of an append. */
export type Appended =
  /** It is durable, and this is its place in the log. */
  | { readonly change: Change }
  /**
   * Nothing new to tell. The first message with this nonce and its place; or the message on which a reaction stood as
   * asked, with the `seq` of that reaction, or the message's version where there is none to take off.
   */
  | { readonly repeats: { readonly id: string; readonly seq: number } }
  /** It changes a message that is not there or deleted, answers one that is not there, or brings a 21st emoji. Nothing was stored. */
  | { readonly refused: "not_found" | "too_many" };

/** Where a room stands. */
export interface Head {
  /** The room's name. */
  readonly room: string;
  /** The `seq` of its latest change; 0 for a room without any. */
  readonly seq: number;
  /** The number of its latest move; 0 if nobody was ever in it. */
  readonly rev: number;
}

/**
 * Which messages of a room a page holds, by `pos`: the newest ones if neither bound is given, and of those between two
 * bounds the ones nearest to `before`.
 */
export interface PageQuery {
  /** Only messages with a lower `pos`; the ones nearest to it. */
  readonly before?: number;
  /** Only messages with a higher `pos`; the ones nearest to it. */
  readonly after?: number;
  /** Whether of those that fit the first ones are held, nearest to `after`, and not the last ones. */
  readonly first?: boolean;
  /** At most this many. */
  readonly limit: number;
}

/** Whether a page holds the first of the messages that fit, and not the last. */
export function isForward(
  { before, after, first = before === undefined && after !== undefined }: PageQuery,
): boolean {
  return first;
}

/** What somebody looks for. */
export interface SearchQuery {
  /** A text must hold all of these; at least one. */
  readonly terms: readonly Term[];
  /** Only messages of this room. Without it: of all rooms whose name does not begin with `~`, and of {@linkcode directs}. */
  readonly room?: string;
  /** The direct rooms that are searched too: those of the one who looks. */
  readonly directs: readonly string[];
  /** Only messages of the author with this name, in any case. */
  readonly author?: string;
  /** Only messages that were sent at this time or later, in milliseconds since 1970. */
  readonly since?: number;
  /** Only messages that were sent before this, in milliseconds since 1970. */
  readonly until?: number;
  /** Whether the newest come first, and not the ones that fit best. */
  readonly newest?: boolean;
  /** How many are passed over. */
  readonly offset: number;
  /** At most this many. */
  readonly limit: number;
}

/** How many matches are ranked at the most, the newest: to rank all that hold a common word would take seconds. */
export const MAX_RANKED = 2_000;

/** A room of two people, whose name is `~` and a ULID. */
export interface Direct {
  /** The room's name. */
  readonly room: string;
  /** The two, in the order of their ids. */
  readonly users: readonly [User, User];
}

/** A room, for lists of rooms. */
export interface RoomSummary {
  /** The room's name. */
  readonly room: string;
  /** The `seq` of its latest change; 0 if nothing was ever said in it. */
  readonly seq: number;
  /** When its newest message was sent, in milliseconds since 1970; 0 if nothing was ever said in it. */
  readonly time: number;
  /** People in it now. */
  readonly count: number;
  /** Its newest message; absent if there is none that was not deleted. */
  readonly newest?: Newest;
}

/** How a name is held by the person who uses it. */
export interface Claim {
  /** Who uses it, and the name. */
  readonly user: User;
  /**
   * How long the name stays theirs after their last connection has gone, in milliseconds; the longest counts that was
   * claimed while they were connected.
   */
  readonly keepMs: number;
  /** Whether the person's connections at other instances give way to this one. */
  readonly takesOver?: boolean;
}

/** A person who enters a room at an instance, or who is gone from it there. */
export interface Move {
  /** The room's name. */
  readonly room: string;
  /** Who it is. */
  readonly user: User;
  /** Whether they enter. */
  readonly on: boolean;
}

/** A move that changed who is in a room: the person was not there at any instance, or is now at none. */
export interface Moved extends Move {
  /** Its number: whole numbers from 1 by room, without holes, given by the store. */
  readonly rev: number;
}

/** The people of a room, at all instances. */
export interface People {
  /** The number of the move after which this held. */
  readonly rev: number;
  /** Everyone, in the order in which they came. */
  readonly users: readonly User[];
}

/** A room as it stood at one moment. */
export interface Snapshot {
  /** The log's epoch. */
  readonly epoch: string;
  /** The `seq` of its latest change. */
  readonly seq: number;
  /** Its newest messages, oldest first, with every change up to `seq` and none after it. */
  readonly messages: readonly Message[];
  /** Everyone who is in it. */
  readonly people: People;
}

/** How far a person has come in one of their rooms: those that they joined and have not left. */
export interface Standing {
  /** The room's name. */
  readonly room: string;
  /** Whose room it is. */
  readonly userId: string;
  /** The `seq` of the room's latest change. */
  readonly seq: number;
  /** The newest change that they have read. */
  readonly read: number;
  /** Messages of others after it, up to {@linkcode MAX_UNREAD}. */
  readonly unread: number;
  /** How many of those name the person. */
  readonly mentions: number;
  /** Its newest message; absent if there is none that was not deleted. */
  readonly newest?: Newest;
}

/** Unread messages are counted up to this number. */
export const MAX_UNREAD = 100;

/**
 * How many rows one beat removes at the most of instances whose lease ran out: places in rooms, people who were
 * connected, and rooms that those forget.
 *
 * Who writes waits meanwhile. On two cores Redis takes 24 µs for a place, PostgreSQL 16 and SQLite 12, so a beat takes
 * about 0.1 s, far from the 3 s after which a statement is given up: 200,000 places at once would not be.
 */
export const MAX_REMOVED = 5_000;

/** How far a person has read. */
export interface Mark {
  /** Who has read. */
  readonly userId: string;
  /** The room's name. */
  readonly room: string;
  /** The newest change that they have read; more than the room has counts as all of it. */
  readonly seq: number;
}

/** Which messages are kept. `Infinity` keeps all. */
export interface Retention {
  /** Messages that were sent before this are removed, in milliseconds since 1970; 0 keeps all. */
  readonly sentBefore: number;
  /** The newest messages of a room that are kept. */
  readonly perRoom: number;
}

/** What an instance tells the store at each beat, and what it wants to know. */
export interface Beat {
  /** The one that beats. */
  readonly instance: string;
  /** How long the lease holds from now, in milliseconds. */
  readonly leaseMs: number;
  /** The rooms that are open here. */
  readonly rooms: readonly string[];
}

/** The store's answer to a {@linkcode Beat}. */
export interface Pulse {
  /** The log's epoch. */
  readonly epoch: string;
  /** Where the rooms stand that were asked for, in that order. */
  readonly heads: readonly Head[];
  /**
   * False if the lease had run out, and with it every row of this instance: claim and enter again. False at the first
   * beat of an instance too, whatever it claimed before: it may have had a lease that another instance removed. If there
   * is {@linkcode more}, the lease may not be renewed yet: what is claimed now may go with the rest. It is once a beat
   * is answered without more, or with true.
   */
  readonly held: boolean;
  /** The people who went with instances whose lease ran out, this one or others, found by this beat. */
  readonly gone: readonly Moved[];
  /** Whether there may be more of those than one beat removes: beat again soon. */
  readonly more: boolean;
  /** The ids of people at this instance who were taken over at another one since the last beat; told once. */
  readonly takenOver: readonly string[];
}

/**
 * The truth: logs, names, presence, and what all instances share.
 *
 * Every method rejects with {@linkcode StoreUnavailableError} when the store cannot answer, and with nothing else
 * for reasons outside the program. Methods that take a list do its entries in order, in one atomic step where
 * the engine has one, and answer entry by entry.
 */
export interface Store {
  /** Makes changes durable and numbers them. Drafts of one room keep their order. */
  append(drafts: readonly Draft[]): Promise<readonly Appended[]>;
  /**
   * The changes of a room with a `seq` above `after`, in order, at most `limit`.
   *
   * Texts are as they are now, and of a message that has since been deleted only the deletion is told: who has the
   * message makes it a tombstone, and who has not never sees it. A room's latest change is always told, so whoever
   * has read all that is told up to a head has missed nothing.
   */
  changes(room: string, after: number, limit: number): Promise<readonly Change[]>;
  /** A room as it stands, with its `limit` newest messages: all of it read at one moment. */
  snapshot(room: string, limit: number): Promise<Snapshot>;
  /** A page of messages, oldest first. */
  page(room: string, query: PageQuery): Promise<readonly Message[]>;
  /** The messages of a room whose version is above `seq`, each once, by version, at most `limit`. */
  changedSince(room: string, seq: number, limit: number): Promise<readonly Message[]>;
  /** One message, or `undefined` if the room has none with this id. */
  message(room: string, id: string): Promise<Message | undefined>;
  /** Whether this engine can {@linkcode Store.search}. */
  readonly searchable: boolean;
  /**
   * The messages in which a text is found, those that fit best first; at equal rank, and if asked for, the newest first.
   * `undefined` if this engine cannot search.
   *
   * What was acknowledged before is found, but for more than {@linkcode MAX_RANKED} matches: of those the newest are ranked.
   */
  search(query: SearchQuery): Promise<readonly Message[] | undefined>;
  /** The log's epoch and where rooms stand. A room that was never written to stands at 0. */
  heads(
    rooms: readonly string[],
  ): Promise<{ readonly epoch: string; readonly heads: readonly Head[] }>;
  /** `general`, and the rooms that have messages or people, by name; without those whose name begins with `~`. */
  rooms(): Promise<readonly RoomSummary[]>;

  /**
   * Removes some of the messages that are not kept, of the rooms from `from` on by name.
   *
   * Answers where to go on, or `undefined` at the end. One call holds the store for a few milliseconds at the most. The message that a
   * room's latest change belongs to is kept.
   */
  prune(retention: Retention, from: string): Promise<string | undefined>;
  /**
   * Gives the log a new epoch, unless it has another one than `epoch` already: what clients hold is void.
   *
   * All leases end with it, and at the next beat the people go who were there: who is, their instances tell anew.
   */
  renew(epoch: string): Promise<void>;

  /** The key that signs tokens: made once, the same for all instances. */
  secret(): Promise<Uint8Array>;

  /**
   * Holds a name for somebody who has no connection yet.
   *
   * Answers `false`, and changes nothing, if somebody else holds it. A person holds one name: an earlier one of
   * theirs becomes free.
   */
  reserve(user: User, keepMs: number): Promise<boolean>;
  /** Frees the name of a person who signed out: now, or with their last connection unless they claim it anew. */
  release(userId: string): Promise<void>;
  /**
   * Notes people as connected at an instance; `false` for each whose name somebody else holds.
   *
   * A name is held by who is connected under it, and by who it is kept for. An instance that had no beat yet has a
   * lease of 30 s from its first call of this or of {@linkcode Store.move}.
   */
  connect(instance: string, claims: readonly Claim[]): Promise<readonly boolean[]>;
  /**
   * Notes people as no longer connected at an instance: their names are kept as their claims said. The rooms they are
   * in there are left by {@linkcode Store.move}.
   */
  disconnect(instance: string, userIds: readonly string[]): Promise<void>;
  /** Notes who is in which room at an instance; `undefined` for a move that changed nothing to see. */
  move(instance: string, moves: readonly Move[]): Promise<readonly (Moved | undefined)[]>;
  /** Takes a room off a person's rooms, unless they are still in it. It becomes one with {@linkcode Store.move}, read up to its head. */
  withdraw(userId: string, room: string): Promise<void>;
  /** Notes how far people have read in rooms of theirs. A mark only ever rises. */
  mark(marks: readonly Mark[]): Promise<void>;
  /** How far a person has come in each of their rooms, by name. */
  standings(user: User): Promise<readonly Standing[]>;
  /** How far some people have come in one room; without those whose room it is not. */
  standingsIn(room: string, users: readonly User[]): Promise<readonly Standing[]>;
  /**
   * The direct room of two different people, made if they have none: it becomes a room of both, and stays one.
   * Their names are kept as they are given here.
   */
  direct(users: readonly [User, User]): Promise<Direct>;
  /** The two of a direct room, or `undefined` if there is none of this name. It never changes who they are. */
  directOf(room: string): Promise<Direct | undefined>;
  /** A person's direct rooms, by name. */
  directs(userId: string): Promise<readonly Direct[]>;
  /** Who holds a name now, in any case: connected, or kept for. Their name is the one that was asked for. */
  holder(name: string): Promise<User | undefined>;
  /** Those of some people, by their ids, who hold a name now, each once and as it is written; in no order. */
  holders(userIds: readonly string[]): Promise<readonly User[]>;
  /** Everyone in a room, in the order in which they came. */
  people(room: string): Promise<People>;
  /**
   * Renews an instance's lease, removes the instances whose lease ran out, and says where rooms stand.
   *
   * An instance counts until it is removed; the names of its people are then kept from the end of its lease. One with
   * many people is removed by several beats: its places first, then its people, then its lease, which is not renewed
   * before.
   */
  beat(beat: Beat): Promise<Pulse>;
  /** Sets how long the lease of an instance that goes away, or went, still holds: its rows stay until then. */
  expire(instance: string, inMs: number): Promise<void>;

  /** Finishes what was begun and lets go of the engine. */
  close(): Promise<void>;
}
