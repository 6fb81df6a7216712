import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import {
  type Direct,
  type Moved,
  type People,
  type Snapshot,
  type Store,
  StoreUnavailableError,
} from "../store/store.ts";
import type { RoomEvent, Since } from "../wire/protocol.ts";
import { encodeEvent } from "../wire/encode.ts";
import { type ActiveUsers, encodePlainMessage, encodePlainMove } from "../wire/plain.ts";
import type { Meter } from "../meter.ts";
import type { Appender, OnAppended } from "./appender.ts";
import { Batch } from "./batch.ts";
import { History } from "./history.ts";
import { Registry } from "./registry.ts";
import { type Read, Sequence } from "./sequence.ts";
import type { Flushable, Tick } from "./tick.ts";

/** A room with more people than this is told their number at most once a second, and not each name. */
export const CROWD = 250;
/** How often a crowd is told its number, in milliseconds. */
export const CROWD_MS = 1000;

/** How many changes one read fills a gap with at the most. */
const CHANGES_A_READ = 500;

/** One connection of a user in a room. */
export interface Member {
  /** Whose connection it is. */
  readonly user: User;
  /** Whether it gets plain frames in place of `parley.v1` events. */
  readonly plain: boolean;
  /** Takes a tick's events, from the `from`th on. Never throws, and never waits for the peer. */
  receive(batch: Batch, from: number): void;
}

/** What a room tells the other instances. */
export interface Outlet {
  /** A change was stored, in the log of an epoch. */
  changed(change: Change, epoch: string): void;
  /** A change was stored below what was delivered. */
  doubted(): void;
  /** Somebody is typing, or stopped. */
  typed(room: string, user: User, on: boolean): void;
}

/** What a room works with. */
export interface RoomServices {
  /** The truth. */
  readonly store: Store;
  /** Makes changes durable. */
  readonly appender: Appender;
  /** Tells the other instances. */
  readonly outlet: Outlet;
  /** Flushes the room at the end of a turn in which something was told. */
  readonly tick: Tick;
  /** What counts changes. */
  readonly meter: Meter;
  /** How many messages are held in memory. */
  readonly historySize: number;
  /** How many messages a client may have missed to be told of them one by one. */
  readonly maxReplay: number;
}

/** A room as a new member finds it. */
export interface Entrance {
  /** The epoch of the room's log. */
  readonly epoch: string;
  /** The change after which this held. */
  readonly seq: number;
  /** The move after which this held. */
  readonly rev: number;
  /** The newest messages, oldest first. */
  readonly messages: readonly Message[];
  /** How many people are in it. */
  readonly count: number;
  /** The first of them. */
  readonly users: readonly User[];
}

/** A registry of users and a bounded history; delivers each change to every member, once and in order. */
export class Room implements Flushable {
  /** Its name. */
  readonly name: string;
  /** The epoch of the log that it delivers from. */
  readonly epoch: string;
  /** Whose it is, if it is a direct room. */
  readonly direct: Direct | undefined;
  readonly #store: Store;
  readonly #appender: Appender;
  readonly #outlet: Outlet;
  readonly #tick: Tick;
  readonly #meter: Meter;
  readonly #history: History;
  readonly #registry: Registry;
  readonly #changes: Sequence<Change>;
  readonly #moves: Sequence<Moved | People>;
  readonly #maxReplay: number;
  /** Each with the place in the tick's batch from which on the events are theirs. */
  readonly #members = new Map<Member, number>();
  #plainMembers = 0;
  #events = new Batch();
  #plainFrames = new Batch();
  #crowdTimer: ReturnType<typeof setTimeout> | undefined;
  #newestMove: Moved | undefined;

  /** Begins as the store has it. */
  constructor(name: string, snapshot: Snapshot, services: RoomServices, direct?: Direct) {
    this.name = name;
    this.direct = direct;
    this.#store = services.store;
    this.#appender = services.appender;
    this.#outlet = services.outlet;
    this.#tick = services.tick;
    this.#meter = services.meter;
    this.#maxReplay = services.maxReplay;
    this.epoch = snapshot.epoch;
    this.#history = new History(services.historySize, snapshot.messages);
    this.#registry = new Registry(snapshot.people);
    this.#changes = new Sequence({
      delivered: snapshot.seq,
      deliver: (change) => this.#deliver(change),
      read: (after) => this.#readChanges(after),
    });
    this.#moves = new Sequence<Moved | People>({
      delivered: snapshot.people.rev,
      deliver: (item) => this.#deliverMove(item),
      read: () => this.#readPeople(),
    });
  }

  /** How many connections at this instance are in the room. */
  get members(): number {
    return this.#members.size;
  }

  /** The `seq` up to which every change was delivered. */
  get delivered(): number {
    return this.#changes.delivered;
  }

  /** The people in the room as plain mode tells of them. */
  get activeUsers(): ActiveUsers {
    return {
      names: this.#registry.listed().map((user) => user.name),
      count: this.#registry.count,
    };
  }

  /**
   * Lets a connection in: it gets every event after this moment, and finds the room as it stands.
   *
   * `limit` is the most messages that it wants. Its user must have been noted in the store as present.
   */
  join(member: Member, limit: number): Entrance {
    // One that is in already goes on where it is: the caller may fail to tell it how the room stands.
    if (!this.#members.has(member)) {
      if (member.plain) this.#plainMembers++;
      this.#members.set(member, (member.plain ? this.#plainFrames : this.#events).size);
    }
    return {
      epoch: this.epoch,
      seq: this.#changes.delivered,
      rev: this.#moves.delivered,
      messages: this.#history.newest(limit),
      count: this.#registry.count,
      users: this.#registry.listed(),
    };
  }

  /** Lets a connection out: it gets nothing more. */
  leave(member: Member): void {
    if (this.#members.delete(member) && member.plain) this.#plainMembers--;
  }

  /** Whether a connection is in the room. */
  has(member: Member): boolean {
    return this.#members.has(member);
  }

  /**
   * Makes a change durable and tells everyone of it.
   *
   * `answer` is called with what became of it before anyone is told, so that its sender can hear of it first.
   */
  append(draft: Draft, answer: OnAppended): void {
    this.#appender.append(draft, (appended) => {
      answer(appended);
      if (!(appended instanceof StoreUnavailableError) && "change" in appended) {
        this.#appended(appended.change);
      }
    });
  }

  /** Somebody who is in the room, at any instance. */
  person(userId: string): User | undefined {
    return this.#registry.get(userId);
  }

  /** A message of this room as it stands, wherever it is kept. */
  async find(id: string): Promise<Message | undefined> {
    return this.#history.get(id) ?? await this.#store.message(this.name, id);
  }

  /** Tells everyone, at all instances, that somebody is typing or stopped. */
  typing(user: User, on: boolean): void {
    this.offerTyping(user, on);
    this.#outlet.typed(this.name, user, on);
  }

  /** Takes a change that was stored, at this instance or another. */
  offer(change: Change): void {
    this.#changes.offer(change.seq, change);
  }

  /** Takes a move that was stored, at this instance or another. */
  offerMove(moved: Moved): void {
    this.#moves.offer(moved.rev, moved);
  }

  /**
   * Every message that changed after the place where a client stood, each once and as it now is.
   *
   * `undefined` if the place is of another epoch or beyond the head, or if there are too many. To lose nothing a client joins
   * first: what is told meanwhile comes after this.
   */
  async recover({ epoch, seq }: Since): Promise<readonly Message[] | undefined> {
    if (epoch !== this.epoch) return undefined;
    // The client may come from an instance that is ahead of this one.
    await this.#changes.reach(seq);
    if (seq > this.#changes.delivered) return undefined;
    if (seq === this.#changes.delivered) return [];
    const messages = await this.#store.changedSince(this.name, seq, this.#maxReplay + 1);
    return messages.length > this.#maxReplay ? undefined : messages;
  }

  /** Resolves when the room has told of a move, and of every one before it. */
  told(moved: Moved): Promise<void> {
    return this.#moves.reach(moved.rev);
  }

  /** Takes the word that somebody is typing, here or elsewhere. */
  offerTyping({ id, name }: User, on: boolean): void {
    this.#tellPassing({ type: "typing", room: this.name, user_id: id, username: name, on });
  }

  /** Takes the word that the store has come to these numbers; what leads to them may come for `waitMs` more. */
  aim(seq: number, rev = 0, waitMs?: number): void {
    this.#changes.aim(seq, waitMs);
    this.#moves.aim(rev, waitMs);
  }

  /** Hands the tick's events to every member. */
  flush(): void {
    const events = this.#events;
    const plainFrames = this.#plainFrames;
    this.#events = new Batch();
    this.#plainFrames = new Batch();
    for (const [member, from] of this.#members) {
      if (from > 0) this.#members.set(member, 0);
      const batch = member.plain ? plainFrames : events;
      if (from < batch.size) member.receive(batch, from);
    }
  }

  /** Lets go of its timers. */
  close(): void {
    this.#changes.close();
    this.#moves.close();
    clearTimeout(this.#crowdTimer);
  }

  #appended(change: Change): void {
    this.#meter.changes++;
    if (change.seq <= this.delivered) this.#outlet.doubted();
    this.offer(change);
    this.#outlet.changed(change, this.epoch);
  }

  #deliver(change: Change): void {
    this.#history.apply(change);
    this.#events.add(encodeEvent(change));
    if (change.type === "chat_message" && this.#plainMembers > 0) {
      this.#plainFrames.add(encodePlainMessage(change));
    }
    this.#flushSoon();
  }

  #deliverMove(item: Moved | People): void {
    const moves = "users" in item ? this.#registry.difference(this.name, item) : [item];
    for (const moved of moves) {
      this.#registry.apply(moved);
      if (this.#registry.count <= CROWD) this.#tellMove(moved);
      else this.#tellCrowdSoon(moved);
    }
    if ("users" in item) this.#registry.adopt(item);
  }

  #tellMove({ user, on }: Moved): void {
    const { id: user_id, name: username } = user;
    const type = on ? "user_joined" : "user_left";
    const count = this.#registry.count;
    this.#tellPassing({ type, room: this.name, user_id, username, count });
    this.#tellPlainMove(user, on);
  }

  #tellCrowdSoon(moved: Moved): void {
    this.#newestMove = moved;
    this.#crowdTimer ??= setTimeout(() => this.#tellCrowd(), CROWD_MS);
  }

  #tellCrowd(): void {
    this.#crowdTimer = undefined;
    this.#tellPassing({ type: "presence", room: this.name, count: this.#registry.count });
    if (this.#newestMove) this.#tellPlainMove(this.#newestMove.user, this.#newestMove.on);
  }

  #tellPlainMove(user: User, on: boolean): void {
    if (this.#plainMembers === 0) return;
    const type = on ? "user_joined" : "user_left";
    this.#plainFrames.add(encodePlainMove(type, user.name, this.activeUsers), { passing: true });
    this.#flushSoon();
  }

  #tellPassing(event: RoomEvent): void {
    this.#events.add(encodeEvent(event), { passing: true });
    this.#flushSoon();
  }

  #flushSoon(): void {
    this.#tick.request("room", this);
    if (this.#events.full || this.#plainFrames.full) this.#tick.flush();
  }

  async #readChanges(after: number): Promise<Read<Change>> {
    const changes = await this.#store.changes(this.name, after, CHANGES_A_READ);
    return {
      items: changes.map((change) => [change.seq, change]),
      // A room's latest change is always told, so the log has come no further. Its head must not be asked for now: it may
      // be one of a change that was made since.
      reached: changes.at(-1)?.seq ?? after,
    };
  }

  async #readPeople(): Promise<Read<People>> {
    const people = await this.#store.people(this.name);
    return { items: [[people.rev, people]], reached: people.rev };
  }
}
