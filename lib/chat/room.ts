import type { Meter } from "../meter.ts";
import type { Change, Draft } from "../model/change.ts";
import type { Message } from "../model/message.ts";
import type { User } from "../model/user.ts";
import {
  type Direct,
  type Moved,
  type Snapshot,
  type Store,
  StoreUnavailableError,
} from "../store/store.ts";
import { encodeEvent } from "../wire/encode.ts";
import { type ActiveUsers, encodePlainMessage } from "../wire/plain.ts";
import type { Since } from "../wire/protocol.ts";
import type { Appender, OnAppended } from "./appender.ts";
import { Crowd } from "./crowd.ts";
import { History } from "./history.ts";
import { type Member, Members } from "./members.ts";
import { type Read, Sequence } from "./sequence.ts";
import type { Tick } from "./tick.ts";

/** How many changes one read fills a gap with at the most. */
const CHANGES_A_READ = 500;

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

/** A log that is delivered to every member, each change once and in order; with the newest messages, and who is there. */
export class Room {
  /** Its name. */
  readonly name: string;
  /** The epoch of the log that it delivers from. */
  readonly epoch: string;
  /** Whose it is, if it is a direct room. */
  readonly direct: Direct | undefined;
  readonly #store: Store;
  readonly #appender: Appender;
  readonly #outlet: Outlet;
  readonly #meter: Meter;
  readonly #history: History;
  readonly #members: Members;
  readonly #crowd: Crowd;
  readonly #changes: Sequence<Change>;
  readonly #maxReplay: number;

  /** Begins as the store has it. */
  constructor(name: string, snapshot: Snapshot, services: RoomServices, direct?: Direct) {
    this.name = name;
    this.direct = direct;
    this.#store = services.store;
    this.#appender = services.appender;
    this.#outlet = services.outlet;
    this.#meter = services.meter;
    this.#maxReplay = services.maxReplay;
    this.epoch = snapshot.epoch;
    this.#history = new History(services.historySize, snapshot.messages);
    this.#members = new Members(services.tick);
    this.#crowd = new Crowd(name, snapshot.people, {
      store: services.store,
      members: this.#members,
    });
    this.#changes = new Sequence({
      delivered: snapshot.seq,
      deliver: (change) => this.#deliver(change),
      read: (after) => this.#readChanges(after),
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
    return this.#crowd.activeUsers;
  }

  /**
   * Lets a connection in: it gets every event after this moment, and finds the room as it stands.
   *
   * `limit` is the most messages that it wants. Its user must have been noted in the store as present.
   */
  join(member: Member, limit: number): Entrance {
    // One that is in already goes on where it is: the caller may fail to tell it how the room stands.
    this.#members.add(member);
    return {
      epoch: this.epoch,
      seq: this.#changes.delivered,
      rev: this.#crowd.rev,
      messages: this.#history.newest(limit),
      count: this.#crowd.count,
      users: this.#crowd.users,
    };
  }

  /** Lets a connection out: it gets nothing more. */
  leave(member: Member): void {
    this.#members.delete(member);
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
    return this.#crowd.get(userId);
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
    this.#crowd.offer(moved);
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
    return this.#crowd.told(moved);
  }

  /** Takes the word that somebody is typing, here or elsewhere. */
  offerTyping({ id, name }: User, on: boolean): void {
    this.#members.tellPassing(
      encodeEvent({ type: "typing", room: this.name, user_id: id, username: name, on }),
    );
  }

  /** Takes the word that the store has come to these numbers; what leads to them may come for `waitMs` more. */
  aim(seq: number, rev = 0, waitMs?: number): void {
    this.#changes.aim(seq, waitMs);
    this.#crowd.aim(rev, waitMs);
  }

  /** Lets go of its timers. */
  close(): void {
    this.#changes.close();
    this.#crowd.close();
  }

  #appended(change: Change): void {
    this.#meter.changes++;
    if (change.seq <= this.delivered) this.#outlet.doubted();
    this.offer(change);
    this.#outlet.changed(change, this.epoch);
  }

  #deliver(change: Change): void {
    this.#history.apply(change);
    const isPlain = change.type === "chat_message" && this.#members.somePlain;
    this.#members.tell(encodeEvent(change), isPlain ? encodePlainMessage(change) : undefined);
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
}
