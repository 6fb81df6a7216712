import type { User } from "../../lib/model/user.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { viewMessage } from "../../lib/wire/encode.ts";
import type { ClientRoom } from "./client_room.ts";
import type { SimulatedInstance } from "./simulated_instance.ts";
import type { World } from "./world.ts";

/** How many messages a client asks for at a time. */
const PAGE = 10;
/** How long a client waits for them, in milliseconds. */
const WITHIN_MS = 5_000;
/** How long after a failure it asks again, in milliseconds. */
const RETRY_MS = 500;

/** For whom a {@linkcode ClientPager} reads. */
export interface Reader {
  /** Who reads. */
  readonly user: User;
  /** The instances that can be asked. */
  readonly instances: () => readonly SimulatedInstance[];
}

/** Reads what stands before the messages of a room that a client holds, page by page, as over HTTP. */
export class ClientPager {
  readonly #world: World;
  readonly #reader: Reader;
  #page: symbol | undefined;

  /** It reads nothing until it is started. */
  constructor(world: World, reader: Reader) {
    this.#world = world;
    this.#reader = reader;
  }

  /** Reads until the room is complete. A page that is on its way is not waited for: it may be older than what is held. */
  start(name: string, room: ClientRoom): void {
    this.#page = undefined;
    if (room.heldFrom > 1) this.#read(name, room);
  }

  /** Reads no more. */
  stop(): void {
    this.#page = undefined;
  }

  async #read(name: string, room: ClientRoom): Promise<void> {
    const { clock, random } = this.#world;
    const page = this.#page = Symbol(name);
    const again = (ms: number) =>
      clock.after(ms, () => {
        if (this.#page === page) this.start(name, room);
      });
    again(WITHIN_MS);
    const instances = this.#reader.instances();
    if (instances.length === 0) return;
    try {
      const { store } = random.pick(instances);
      const messages = await store.page(name, { before: room.heldFrom, limit: PAGE });
      if (this.#page !== page) return;
      room.prepend(messages.map((message) => viewMessage(message, this.#reader.user.id)));
      this.start(name, room);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      again(RETRY_MS);
    }
  }
}
