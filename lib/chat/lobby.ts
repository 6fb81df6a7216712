import type { OpenLink, Post } from "../link/link.ts";
import type { Meter } from "../meter.ts";
import type { Change } from "../model/change.ts";
import type { User } from "../model/user.ts";
import type { Direct, Head, Mark, Moved, Pulse, Store } from "../store/store.ts";
import type { Appender } from "./appender.ts";
import type { Directs } from "./directs.ts";
import type { News } from "./news.ts";
import { type PostedRooms, Poster } from "./poster.ts";
import { type Outlet, Room } from "./room.ts";
import type { Tick } from "./tick.ts";

/** What a lobby works with. */
export interface LobbyServices {
  /** The name of this instance. */
  readonly instance: string;
  /** The truth. */
  readonly store: Store;
  /** Makes what is said in rooms durable. */
  readonly appender: Appender;
  /** What flushes the open rooms, and the post to the other instances. */
  readonly tick: Tick;
  /** What counts changes. */
  readonly meter: Meter;
  /** How many messages of a room are held in memory. */
  readonly historySize: number;
  /** How many messages a client may have missed to be told of them one by one. */
  readonly maxReplay: number;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** Hears how far each room has come, whether it is open here or not. */
  readonly news: News;
  /** Called when another instance says that it took people's connections over. */
  readonly onTakenOver: (userIds: readonly string[]) => void;
  /** Called when another instance says how far a person has read. */
  readonly onRead: (mark: Mark) => void;
  /** Called when two people have a direct room that they may not know of. */
  readonly onDirect: (direct: Direct) => void;
  /** Called when the log is not the one any more that was delivered from: every room has been closed. */
  readonly onReplaced: () => void;
  /** Called to have the store asked at once: it seems to be behind what was delivered, or the link was lost for a while. */
  readonly onDoubt: () => void;
}

/** A room that is being read, and how far it is known to have come meanwhile. */
interface Opening {
  readonly room: Promise<Room>;
  seq: number;
  rev: number;
}

/** The open rooms of an instance, by name: made on demand, forgotten when idle, told what other instances post. */
export class Lobby implements Outlet, PostedRooms {
  /** Tells the other instances. */
  readonly poster: Poster;
  readonly #services: LobbyServices;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Map<string, Opening>();
  /** Rooms that were empty at the last sweep. */
  readonly #idle = new Set<Room>();
  #epoch: string | undefined;

  /** It hears of other instances only once it is connected. */
  constructor(services: LobbyServices) {
    this.#services = services;
    const { instance, tick } = services;
    this.poster = new Poster({ instance, tick, rooms: this });
  }

  /** Joins the other instances. */
  async connect(openLink: OpenLink): Promise<void> {
    const { onDoubt } = this.#services;
    await this.poster.connect(openLink, (post) => this.#receive(post), onDoubt);
  }

  /** The epoch of the log that is delivered from; `undefined` while none is known. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** The names of the open rooms. */
  get names(): string[] {
    return [...this.#rooms.keys()];
  }

  /** A room, read from the store if it is not open yet. The name must be one. */
  open(name: string): Promise<Room> {
    const open = this.#rooms.get(name);
    if (open) {
      this.#idle.delete(open);
      return Promise.resolve(open);
    }
    const opening = this.#opening.get(name) ?? { room: this.#read(name), seq: 0, rev: 0 };
    this.#opening.set(name, opening);
    return opening.room;
  }

  /** A room that is open. */
  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /**
   * Takes what the store says of its log, and of where rooms stand.
   *
   * A log of another epoch is another log: all rooms are closed. So is one that is behind what was delivered: it gets a new epoch.
   */
  async take({ epoch, heads }: Pick<Pulse, "epoch" | "heads">): Promise<void> {
    this.#epoch ??= epoch;
    // A room may have been read before the log was replaced, and opened after that was noticed.
    const epochs = [this.#epoch, ...this.#rooms.values().map((room) => room.epoch)];
    if (epochs.some((known) => known !== epoch)) return this.#startOver(epoch);
    for (const { room, seq, rev } of heads) this.#aim(room, seq, rev);
    if (!await this.#isAhead(heads)) return;
    await this.#services.store.renew(epoch);
    this.#services.onDoubt();
  }

  /** Tells of moves that the store made visible, here and at the other instances. */
  moved(moves: readonly Moved[]): void {
    for (const moved of moves) this.#offerMove(moved);
    this.poster.moved(moves);
  }

  /** Tells the other instances of a change that was stored here, in the log of an epoch. */
  changed(change: Change, epoch: string): void {
    if (epoch !== this.#epoch) return;
    this.#services.news.aim(change);
    this.poster.changed(change);
  }

  /** Tells the other instances that somebody here is typing or stopped. */
  typed(room: string, user: User, on: boolean): void {
    this.poster.typed(room, user, on);
  }

  /** Lets the two of a direct room hear of it, here and at the other instances. */
  introduce(direct: Direct): void {
    this.#services.onDirect(direct);
    this.poster.introduced(direct);
  }

  /** Has the store asked at once whether its log is the one that was delivered from. */
  doubted(): void {
    this.#services.onDoubt();
  }

  /** Forgets the rooms in which nobody was at this sweep and at the one before. */
  sweep(): void {
    for (const room of this.#rooms.values()) {
      if (room.members > 0) {
        this.#idle.delete(room);
      } else if (this.#idle.delete(room)) {
        this.#rooms.delete(room.name);
        room.close();
      } else {
        this.#idle.add(room);
      }
    }
  }

  /** Leaves the link and lets go of every room. */
  async close(): Promise<void> {
    for (const room of this.#rooms.values()) room.close();
    await this.poster.close();
  }

  async #read(name: string): Promise<Room> {
    const { directs, store, historySize } = this.#services;
    try {
      const [snapshot, direct] = await Promise.all([
        store.snapshot(name, historySize),
        directs.of(name),
      ]);
      this.#epoch ??= snapshot.epoch;
      if (this.#epoch !== snapshot.epoch) this.#services.onDoubt();
      const room = new Room(name, snapshot, { ...this.#services, outlet: this }, direct);
      this.#rooms.set(name, room);
      const missed = this.#opening.get(name);
      if (missed) room.aim(missed.seq, missed.rev);
      return room;
    } finally {
      this.#opening.delete(name);
    }
  }

  #receive(post: Post): void {
    // Which log is the true one the store says, at the next beat.
    if (post.epoch === (this.#epoch ?? post.epoch)) this.#receiveNumbers(post);
    for (const { room, user, on } of post.typing ?? []) {
      this.#rooms.get(room)?.offerTyping(user, on);
    }
    if (post.takenOver?.length) this.#services.onTakenOver(post.takenOver);
  }

  #receiveNumbers({ changes = [], moves = [], heads = [], reads = [], directs = [] }: Post): void {
    // First, so that they hear of what else is told of these rooms. Whose they are is for the store to say, when that matters.
    for (const direct of directs) this.#services.onDirect(direct);
    for (const change of changes) this.#offer(change);
    for (const moved of moves) this.#offerMove(moved);
    // Where no changes are carried, none can come that a head must wait for.
    const waitMs = this.poster.changes === "heads" ? 0 : undefined;
    for (const { room, seq } of heads) this.#aim(room, seq, 0, waitMs);
    for (const mark of reads) this.#services.onRead(mark);
  }

  #startOver(epoch: string): void {
    this.#epoch = epoch;
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#services.directs.clear();
    this.#services.onReplaced();
  }

  /** Whether more of a room was delivered here than the store has. */
  async #isAhead(heads: readonly Head[]): Promise<boolean> {
    const ahead = heads.flatMap(({ room: name, seq }) => {
      const delivered = this.#rooms.get(name)?.delivered ?? 0;
      return delivered > seq ? [{ name, delivered }] : [];
    });
    if (ahead.length === 0) return false;
    // Asked once more, since what was delivered may have been stored after the heads were read.
    const now = await this.#services.store.heads(ahead.map(({ name }) => name));
    return now.heads.some(({ seq }, i) => seq < ahead[i]!.delivered);
  }

  #offer(change: Change): void {
    this.#services.news.aim(change);
    const room = this.#rooms.get(change.room);
    // One of another log was opened since the log was replaced, which is yet to be noticed here.
    if (room && room.epoch === this.#epoch) room.offer(change);
    else this.#aim(change.room, change.seq, 0);
  }

  #offerMove(moved: Moved): void {
    const room = this.#rooms.get(moved.room);
    if (room && room.epoch === this.#epoch) room.offerMove(moved);
    else this.#aim(moved.room, 0, moved.rev);
  }

  #aim(name: string, seq: number, rev: number, waitMs?: number): void {
    this.#services.news.aim({ room: name, seq });
    this.#rooms.get(name)?.aim(seq, rev, waitMs);
    const opening = this.#opening.get(name);
    if (!opening) return;
    opening.seq = Math.max(opening.seq, seq);
    opening.rev = Math.max(opening.rev, rev);
  }
}
