import type { User } from "../model/user.ts";
import { Batch } from "./batch.ts";
import type { Flushable, Tick } from "./tick.ts";

/** One connection of a user in a room. */
export interface Member {
  /** Whose connection it is. */
  readonly user: User;
  /** Whether it gets plain frames in place of `parley.v1` events. */
  readonly plain: boolean;
  /** Takes a tick's events, from the `from`th on. Never throws, and never waits for the peer. */
  receive(batch: Batch, from: number): void;
}

/** The connections at this instance that are in a room, and what they are told at the end of the turn. */
export class Members implements Flushable {
  readonly #tick: Tick;
  /** Each with the place in the tick's batch from which on the events are theirs. */
  readonly #places = new Map<Member, number>();
  #plainOnes = 0;
  #events = new Batch();
  #plainFrames = new Batch();

  /** There are none at first. `tick` flushes what they are told. */
  constructor(tick: Tick) {
    this.#tick = tick;
  }

  /** How many there are. */
  get size(): number {
    return this.#places.size;
  }

  /** Whether one of them gets plain frames, so that these are worth encoding. */
  get somePlain(): boolean {
    return this.#plainOnes > 0;
  }

  /** Whether a connection is one of them. */
  has(member: Member): boolean {
    return this.#places.has(member);
  }

  /** Adds a connection, which gets every event after this moment. One that is in already goes on where it is. */
  add(member: Member): void {
    if (this.#places.has(member)) return;
    if (member.plain) this.#plainOnes++;
    this.#places.set(member, (member.plain ? this.#plainFrames : this.#events).size);
  }

  /** Takes a connection off: it gets nothing more. */
  delete(member: Member): void {
    if (this.#places.delete(member) && member.plain) this.#plainOnes--;
  }

  /** Tells them of an event, encoded for each mode; plain mode does not know of every one. */
  tell(event: string, plainFrame?: string): void {
    this.#events.add(event);
    if (plainFrame !== undefined) this.#plainFrames.add(plainFrame);
    this.#flushSoon();
  }

  /** The same for what is soon out of date: members who read slowly may never hear of it. */
  tellPassing(event: string, plainFrame?: string): void {
    this.#events.add(event, { passing: true });
    if (plainFrame !== undefined) this.#plainFrames.add(plainFrame, { passing: true });
    this.#flushSoon();
  }

  /** Hands the tick's events to each. */
  flush(): void {
    const events = this.#events;
    const plainFrames = this.#plainFrames;
    this.#events = new Batch();
    this.#plainFrames = new Batch();
    for (const [member, from] of this.#places) {
      if (from > 0) this.#places.set(member, 0);
      const batch = member.plain ? plainFrames : events;
      if (from < batch.size) member.receive(batch, from);
    }
  }

  #flushSoon(): void {
    this.#tick.request("room", this);
    if (this.#events.full || this.#plainFrames.full) this.#tick.flush();
  }
}
