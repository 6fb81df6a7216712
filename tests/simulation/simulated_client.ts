import { assert } from "@std/assert";
import type { User } from "../../lib/model/user.ts";
import { comesBack } from "../../lib/wire/codes.ts";
import type { ChangeCommand, Command, Event } from "../../lib/wire/protocol.ts";
import { ClientPlace, type Owner } from "./client_place.ts";
import type { SimulatedInstance } from "./simulated_instance.ts";
import type { SimulatedSocket } from "./simulated_socket.ts";
import type { World } from "./world.ts";

/** How long a client waits for an instance that it can connect to, in milliseconds. */
const RETRY_MS = 500;
/** The longest that a client that lost its connection waits until it comes back, in milliseconds. */
const RETURN_MS = 3_000;

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

/** A client as a person would want it: it comes back, catches up, and does not forget what it was asked to do. */
export class SimulatedClient implements Owner {
  readonly name: string;
  readonly user: User;
  readonly window: number;
  /** Its rooms. */
  readonly places = new Map<string, ClientPlace>();
  /** All that it was ever asked to do, by `ref`. */
  readonly wanted = new Map<string, ChangeCommand>();
  /** The `ref`s of what was refused. */
  readonly refused = new Set<string>();
  readonly #world: World;
  readonly #instances: () => readonly SimulatedInstance[];
  #socket: SimulatedSocket | undefined;
  #welcomed = false;
  #stopped = false;
  /** How often its present connection asked to be let into each room. */
  readonly #joins = new Map<string, number>();
  #refs = 0;

  /** It is not connected at first. */
  constructor(world: World, { name, user, window, instances }: ClientOptions) {
    this.#world = world;
    this.name = name;
    this.user = user;
    this.window = window;
    this.#instances = instances;
  }

  /** Connects to some instance. */
  connect(): void {
    if (this.#stopped || this.#socket) return;
    const { clock, random } = this.#world;
    const instances = this.instances();
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
    for (const place of this.places.values()) place.forget();
    this.hangUp(1001);
  }

  /** Leaves for good. */
  stop(): void {
    this.#stopped = true;
    this.hangUp(1000);
    for (const place of this.places.values()) place.close();
  }

  /** Enters a room. */
  join(room: string): void {
    if (this.places.has(room)) return;
    const place = new ClientPlace(room, this.#world, this);
    this.places.set(room, place);
    place.join();
  }

  /** Leaves a room, if it is there and has nothing left to do. */
  leave(room: string): void {
    const place = this.places.get(room);
    if (!place?.isInside || !place.isDone) return;
    place.close();
    this.places.delete(room);
    this.send({ type: "leave", room });
  }

  /** Changes something in a room of its own, now or when it can be done. */
  do(command: ChangeCommand): void {
    const ref = this.newRef();
    const named = { ...command, ref, ...(command.type === "send" && { nonce: ref }) };
    this.wanted.set(ref, named);
    this.places.get(command.room)?.do(ref, named);
  }

  instances(): readonly SimulatedInstance[] {
    return this.#instances().filter(({ listens }) => listens);
  }

  send(command: Command): void {
    if (!this.#welcomed) return;
    if (command.type === "join") {
      this.#joins.set(command.room, (this.#joins.get(command.room) ?? 0) + 1);
    }
    this.#socket?.send(JSON.stringify(command));
  }

  newRef(): string {
    return `${this.name}:${++this.#refs}`;
  }

  #lose(code: number): void {
    assert(comesBack(code), `${this.name} was turned away with ${code}`);
    this.#note(`lost: ${code}`);
    this.#socket = undefined;
    this.#welcomed = false;
    this.#joins.clear();
    for (const place of this.places.values()) place.interrupt();
    const { clock, random } = this.#world;
    clock.after(random.small(RETURN_MS), () => this.connect());
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
        return this.places.forEach((place) => place.join());
      case "joined":
        return this.places.get(event.room)?.enter(event, this.#joins.get(event.room) === 1);
      case "ack":
        return this.places.forEach((place) => place.takeAck(event));
      case "error":
        for (const place of this.places.values()) {
          if (place.takeError(event)) this.refused.add(String(event.ref));
        }
        return;
      case "chat_message":
      case "message_edited":
      case "message_deleted":
      case "reaction":
        return this.places.get(event.room)?.apply(event);
      case "user_joined":
      case "user_left":
        return this.places.get(event.room)?.move(event);
    }
  }

  #note(what: string): void {
    this.#world.trace.note(`${this.name} ${what}`);
  }
}
