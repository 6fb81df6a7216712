import { assert, assertEquals } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { User } from "../../lib/model/user.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { comesBack } from "../../lib/wire/codes.ts";
import { viewMessage } from "../../lib/wire/encode.ts";
import type {
  AckEvent,
  ChangeCommand,
  Command,
  ErrorEvent,
  Event,
  JoinedEvent,
} from "../../lib/wire/protocol.ts";
import { ClientQueue } from "./client_queue.ts";
import { ClientRoom } from "./client_room.ts";
import { LATE_MS } from "./faults.ts";
import type { SimulatedInstance } from "./simulated_instance.ts";
import type { SimulatedSocket } from "./simulated_socket.ts";
import { Visit } from "./visit.ts";
import type { World } from "./world.ts";

/** How long a client waits until it tries again what came to nothing, in milliseconds. */
const RETRY_MS = 500;
/** How long a client waits for a page, in milliseconds. */
const PAGE_WITHIN_MS = 5_000;
/** How many messages a client asks for at a time. */
const PAGE = 10;

/** How a {@linkcode SimulatedClient} is made. */
export interface ClientOptions {
  /** Its name among the clients. */
  readonly name: string;
  /** Who uses it. */
  readonly user: User;
  /** How many commands it has under way in a room at a time. */
  readonly window: number;
  /** The instances that there are. */
  readonly instances: () => readonly SimulatedInstance[];
}

/** A room of a client's own, on whatever connection. */
export interface Place {
  /** What the client knows of it. */
  room: ClientRoom;
  /** What the client still wants to do in it. */
  readonly queue: ClientQueue;
  /** The `ref` of the latest `join`. */
  joinRef: string;
  /** What the present connection was told; there is none until it has joined. */
  visit: Visit | undefined;
  /** The page that is on its way. */
  fetching: symbol | undefined;
}

/** A client as a person would want it: it comes back, catches up, and does not forget what it was asked to do. */
export class SimulatedClient {
  /** Its rooms. */
  readonly places = new Map<string, Place>();
  /** All that it ever sent, by `ref`. */
  readonly sent = new Map<string, ChangeCommand>();
  /** The `ref`s of what was refused. */
  readonly refused = new Set<string>();
  readonly #world: World;
  readonly #options: ClientOptions;
  #socket: SimulatedSocket | undefined;
  #welcomed = false;
  /** The rooms that it has joined on its present connection or tried to, left ones too. */
  readonly #visited = new Set<string>();
  #stopped = false;
  #refs = 0;

  /** It is not connected at first. */
  constructor(world: World, options: ClientOptions) {
    this.#world = world;
    this.#options = options;
  }

  /** Its name among the clients. */
  get name(): string {
    return this.#options.name;
  }

  /** Who uses it. */
  get user(): User {
    return this.#options.user;
  }

  /** Whether it sends one command after the other has been answered, and so keeps them in order whatever happens. */
  get isPatient(): boolean {
    return this.#options.window === 1;
  }

  /** Connects to some instance. */
  connect(): void {
    if (this.#stopped || this.#socket) return;
    const { clock, random } = this.#world;
    const instances = this.#options.instances().filter(({ listens }) => listens);
    if (instances.length === 0) return clock.after(RETRY_MS, () => this.connect());
    const instance = random.pick(instances);
    const socket: SimulatedSocket = instance.connect(this.user, {
      onFrame: (frame) => {
        if (this.#socket === socket) this.#hear(frame);
      },
      onClosed: (code) => {
        if (this.#socket === socket) this.#lose(code);
      },
    });
    this.#socket = socket;
    this.#note(`connects to ${instance.name}`);
  }

  /** Its connection breaks, which it notices in a while. */
  break(): void {
    this.#note("breaks");
    this.#socket?.break();
  }

  /** Leaves with a close code, and comes back. */
  hangUp(code: 1000 | 1001): void {
    this.#note(`hangs up with ${code}`);
    this.#socket?.close(code);
    if (this.#socket) this.#lose(1006);
  }

  /** Forgets all that it knows of its rooms, as a page does that is loaded again. */
  forget(): void {
    for (const place of this.places.values()) place.room = new ClientRoom(this.user.id);
    this.hangUp(1001);
  }

  /** Leaves for good. */
  stop(): void {
    this.#stopped = true;
    this.hangUp(1000);
  }

  /** Enters a room. */
  join(room: string): void {
    if (this.places.has(room)) return;
    this.places.set(room, {
      room: new ClientRoom(this.user.id),
      queue: new ClientQueue(this.#options.window),
      joinRef: "",
      visit: undefined,
      fetching: undefined,
    });
    this.#join(room);
  }

  /** Enters a room that it is in once more. */
  joinAgain(room: string): void {
    if (this.places.get(room)?.visit) this.#join(room);
  }

  /** Leaves a room, if nothing is left to do there. */
  leave(room: string): void {
    const place = this.places.get(room);
    if (!place?.visit || !place.queue.empty) return;
    this.places.delete(room);
    this.#send({ type: "leave", room });
  }

  /** Changes something in a room of its own, now or when it can be done. */
  do(command: ChangeCommand): void {
    const ref = this.#newRef();
    const named = command.type === "send" ? { ...command, ref, nonce: ref } : { ...command, ref };
    this.sent.set(ref, named);
    this.places.get(command.room)?.queue.add(ref, named);
    this.#pump(command.room);
  }

  /** Says that the person is typing in a room. */
  type(room: string): void {
    if (this.places.get(room)?.visit) this.#send({ type: "typing", room, on: true });
  }

  #lose(code: number): void {
    assert(comesBack(code), `${this.name} was turned away with ${code}`);
    this.#note(`lost: ${code}`);
    this.#socket = undefined;
    this.#welcomed = false;
    this.#visited.clear();
    for (const { queue } of this.places.values()) queue.interrupt();
    for (const place of this.places.values()) place.visit = undefined;
    const { clock, random } = this.#world;
    clock.after(random.small(3_000), () => this.connect());
  }

  #send(command: Command): void {
    if (this.#welcomed) this.#socket?.send(JSON.stringify(command));
  }

  #hear(frame: string): void {
    this.#note(frame);
    const value: Event | Event[] = JSON.parse(frame);
    for (const event of Array.isArray(value) ? value : [value]) this.#take(event);
  }

  #take(event: Event): void {
    switch (event.type) {
      case "welcome":
        this.#welcomed = true;
        for (const room of this.places.keys()) this.#join(room);
        return;
      case "joined":
        return this.#enter(event);
      case "ack":
        return this.#takeAck(event);
      case "error":
        return this.#takeError(event);
      case "chat_message":
      case "message_edited":
      case "message_deleted":
      case "reaction":
        return this.#apply(event);
      case "user_joined":
        this.places.get(event.room)?.room.people.add(event.user_id);
        return;
      case "user_left":
        this.places.get(event.room)?.room.people.delete(event.user_id);
        return;
    }
  }

  #join(name: string): void {
    const place = this.places.get(name);
    if (!place) return;
    const { since } = place.room;
    place.joinRef = this.#newRef();
    this.#send({ type: "join", ref: place.joinRef, room: name, ...(since && { since }) });
  }

  #enter(joined: JoinedEvent): void {
    const place = this.places.get(joined.room);
    if (!place || place.joinRef !== joined.ref) return;
    const { clock, log } = this.#world;
    const isAhead = joined.recovered && joined.seq <= place.room.seq;
    const overlaps = isAhead || this.#visited.has(joined.room);
    this.#visited.add(joined.room);
    place.room.enter(joined);
    place.visit = new Visit(log, { joined, at: clock.now, overlaps });
    // A page that was read before may have missed what the answer tells.
    place.fetching = undefined;
    this.#fetchOlder(joined.room);
    this.#pump(joined.room);
  }

  #apply(change: Change): void {
    const place = this.places.get(change.room);
    if (!place?.visit) return;
    const { clock, faults } = this.#world;
    const lateMs = place.visit.take(change, clock.now);
    const inTime = !faults.fairWeather || lateMs <= LATE_MS;
    assert(inTime, `${this.name} heard of ${change.room} ${change.seq} after ${lateMs} ms`);
    place.room.apply(change);
  }

  #takeAck({ ref, id, seq }: AckEvent): void {
    const { log, faults } = this.#world;
    const command = this.sent.get(String(ref));
    const place = command && this.places.get(command.room);
    const done = place?.queue.remove(String(ref));
    if (!command || !place || !done) return;
    const made = log.entries(command.room)[seq - 1];
    assertEquals(made?.change.id, command.type === "send" ? id : command.id);
    if (command.type === "send") assertEquals(made?.nonce, ref);
    const isNew = done.attempts === 1 && command.type !== "react";
    if (isNew && faults.storeAnswersInOrder) {
      assert(place.visit && place.visit.last < seq, `the ack of ${ref} came after the event`);
    }
    this.#pump(command.room);
  }

  #takeError({ ref, code, retry_after_ms }: ErrorEvent): void {
    const { clock, log } = this.#world;
    for (const [name, { joinRef }] of this.places) {
      if (joinRef !== ref) continue;
      assertEquals(code, "unavailable");
      this.#visited.add(name);
      return clock.after(retry_after_ms ?? RETRY_MS, () => {
        if (this.places.get(name)?.joinRef === ref) this.#join(name);
      });
    }
    const command = this.sent.get(String(ref));
    const queue = command && this.places.get(command.room)?.queue;
    if (!command || !queue) return;
    if (code === "unavailable") {
      queue.hold(String(ref), clock.now, retry_after_ms);
    } else {
      assert(command.type !== "send" && code === "not_found", `${ref} was refused with ${code}`);
      assert(log.isDeleted(command.id), `${command.id} is there, but was not found`);
      queue.remove(String(ref));
      this.refused.add(String(ref));
    }
    this.#pump(command.room);
  }

  /** Sends what may be sent now, and comes back when more may be. */
  #pump(name: string): void {
    const { clock } = this.#world;
    const place = this.places.get(name);
    if (!place?.visit) return;
    for (const { command } of place.queue.take(clock.now)) this.#send(command);
    const heldMs = place.queue.heldUntil - clock.now;
    if (heldMs > 0) clock.after(heldMs, () => this.#pump(name));
  }

  async #fetchOlder(name: string): Promise<void> {
    const { clock, random } = this.#world;
    const place = this.places.get(name);
    const instances = this.#options.instances().filter(({ listens }) => listens);
    if (this.#stopped || !place || place.fetching || place.room.heldFrom === 1) return;
    const again = (ms: number) =>
      clock.after(ms, () => {
        if (place.fetching !== ticket) return;
        place.fetching = undefined;
        this.#fetchOlder(name);
      });
    const ticket = place.fetching = Symbol(name);
    again(PAGE_WITHIN_MS);
    if (instances.length === 0) return;
    try {
      const { store } = random.pick(instances);
      const messages = await store.page(name, { before: place.room.heldFrom, limit: PAGE });
      if (place.fetching !== ticket) return;
      place.room.prepend(messages.map((message) => viewMessage(message, this.user.id)));
      again(0);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      again(RETRY_MS);
    }
  }

  #newRef(): string {
    return `${this.name}:${++this.#refs}`;
  }

  #note(what: string): void {
    this.#world.trace.note(`${this.name} ${what}`);
  }
}
