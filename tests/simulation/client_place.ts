import { assert, assertEquals } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type {
  AckEvent,
  ChangeCommand,
  Command,
  ErrorEvent,
  JoinedEvent,
  UserJoinedEvent,
  UserLeftEvent,
} from "../../lib/wire/protocol.ts";
import { ClientPager, type Reader } from "./client_pager.ts";
import { ClientQueue } from "./client_queue.ts";
import { ClientRoom } from "./client_room.ts";
import { LATE_MS } from "./faults.ts";
import { type Beginning, Visit } from "./visit.ts";
import type { World } from "./world.ts";

/** How long a client waits before it tries to enter again, where the server names no time, in milliseconds. */
const RETRY_MS = 500;

/** Whose place it is. */
export interface Owner extends Reader {
  /** Its name among the clients. */
  readonly name: string;
  /** How many commands it has under way in a room at a time. */
  readonly window: number;
  /** Sends a command, if there is a connection. */
  send(command: Command): void;
  /** A `ref` that it never used before. */
  newRef(): string;
}

/** One room of a client's own, over all of its connections: what it knows, and what it still wants to do. */
export class ClientPlace {
  /** The messages and the people. */
  room: ClientRoom;
  readonly #name: string;
  readonly #world: World;
  readonly #owner: Owner;
  readonly #queue: ClientQueue;
  readonly #pager: ClientPager;
  #joinRef: string | undefined;
  #visit: Visit | undefined;

  /** The client is not in the room yet. */
  constructor(name: string, world: World, owner: Owner) {
    this.#name = name;
    this.#world = world;
    this.#owner = owner;
    this.room = new ClientRoom(owner.user.id);
    this.#queue = new ClientQueue(owner.window);
    this.#pager = new ClientPager(world, owner);
  }

  /** Whether the client is in the room by its present connection. */
  get isInside(): boolean {
    return this.#visit !== undefined;
  }

  /** Whether everything that the client wanted was done or refused. */
  get isDone(): boolean {
    return this.#queue.empty;
  }

  /** Asks to be let in, or once more. */
  join(): void {
    const { since } = this.room;
    const ref = this.#joinRef = this.#owner.newRef();
    this.#owner.send({ type: "join", ref, room: this.#name, ...(since && { since }) });
  }

  /** Adds a command, to be sent when its turn comes. */
  do(ref: string, command: ChangeCommand): void {
    this.#queue.add(ref, command);
    this.#pump();
  }

  /** Takes the answer to `join`. `isFirst` tells that the connection had not asked before. */
  enter(joined: JoinedEvent, isFirst: boolean): void {
    if (joined.ref !== this.#joinRef) return;
    const { clock, log } = this.#world;
    const isAhead = joined.recovered && joined.seq <= this.room.seq;
    const beginning: Beginning = { joined, at: clock.now, overlaps: isAhead || !isFirst };
    this.#visit = new Visit(log, beginning);
    this.room.enter(joined);
    this.#pager.start(this.#name, this.room);
    this.#pump();
  }

  /** Takes a change that everyone is told of; one that comes before the client is inside is none of its concern. */
  apply(change: Change): void {
    if (!this.#visit) return;
    const { clock, faults } = this.#world;
    const lateMs = this.#visit.take(change, clock.now);
    const inTime = !faults.fairWeather || lateMs <= LATE_MS;
    assert(inTime, `${this.#owner.name} heard of ${this.#name} ${change.seq} after ${lateMs} ms`);
    this.room.apply(change);
  }

  /** Takes the word that somebody came or left: it must be news. */
  move({ type, user_id, username, count }: UserJoinedEvent | UserLeftEvent): void {
    if (!this.#visit) return;
    const { people } = this.room;
    const came = type === "user_joined";
    const isNews = people.has(user_id) !== came;
    if (came) people.add(user_id);
    else people.delete(user_id);
    const isRight = this.#visit.isVoid || this.#visit.overlaps || isNews && people.size === count;
    assert(isRight, `${this.#owner.name} heard ${type} of ${username} in ${this.#name}`);
  }

  /** Takes the word that a command was done: it must be so, and nobody may have been told before. */
  takeAck({ ref, id, seq }: AckEvent): void {
    const { log, faults } = this.#world;
    const done = this.#queue.remove(String(ref));
    if (!done) return;
    if (this.#visit?.isVoid) return this.#pump();
    const { command, attempts } = done;
    const made = log.entries(this.#name)[seq - 1];
    assertEquals(made?.change.id, command.type === "send" ? id : command.id);
    if (command.type === "send") assertEquals(made?.nonce, ref);
    // A repeat was made before. A store that answers in disorder may tell of a change before it says that it was made.
    if (attempts === 1 && command.type !== "react" && faults.storeAnswersInOrder) {
      assert(this.#visit && this.#visit.last < seq, `the ack of ${ref} came after the event`);
    }
    this.#pump();
  }

  /** Takes the refusal of a command or of a `join`; `true` if it is for good. */
  takeError({ ref, code, retry_after_ms }: ErrorEvent): boolean {
    const { clock, log } = this.#world;
    if (ref !== undefined && ref === this.#joinRef) {
      assertEquals(code, "unavailable");
      clock.after(retry_after_ms ?? RETRY_MS, () => {
        if (ref === this.#joinRef) this.join();
      });
      return false;
    }
    if (code === "unavailable") {
      this.#queue.hold(String(ref), clock.now, retry_after_ms);
      this.#pump();
      return false;
    }
    const refused = this.#queue.remove(String(ref));
    if (refused) {
      const { command } = refused;
      const target = command.type === "send" ? command.reply_to : command.id;
      assert(code === "not_found" && target, `${ref} was refused with ${code}`);
      assert(this.#visit?.isVoid || !log.has(target), `${target} is there, but was not found`);
    }
    this.#pump();
    return refused !== undefined;
  }

  /** Notes that the connection was lost. */
  interrupt(): void {
    this.#visit = undefined;
    this.#joinRef = undefined;
    this.#queue.interrupt();
  }

  /** Forgets what it knows, and wants what it wanted. */
  forget(): void {
    this.#pager.stop();
    this.room = new ClientRoom(this.#owner.user.id);
  }

  /** Lets go of it. */
  close(): void {
    this.#pager.stop();
    this.interrupt();
  }

  /** Sends what may be sent now, and comes back when more may be. */
  #pump(): void {
    if (!this.#visit) return;
    const { clock } = this.#world;
    for (const { command } of this.#queue.take(clock.now)) this.#owner.send(command);
    const heldMs = this.#queue.heldUntil - clock.now;
    if (heldMs > 0) clock.after(heldMs, () => this.#pump());
  }
}
