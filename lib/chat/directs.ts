import { isDirectName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Direct, Store } from "../store/store.ts";

/** How many direct rooms are remembered: some 200 bytes each. */
const REMEMBERED = 10_000;

/** Whose the direct rooms are. It never changes, so that what was asked once is remembered. */
export class Directs {
  readonly #store: Pick<Store, "direct" | "directOf" | "directs">;
  /** In the order in which they were last asked for. */
  readonly #known = new Map<string, Direct>();

  /** Asks `store`. */
  constructor(store: Pick<Store, "direct" | "directOf" | "directs">) {
    this.#store = store;
  }

  /** The two of a room; `undefined` if it is none of two people. Rejects when the store does not answer. */
  async of(room: string): Promise<Direct | undefined> {
    if (!isDirectName(room)) return undefined;
    const direct = this.#known.get(room) ?? await this.#store.directOf(room);
    if (direct) this.#remember(direct);
    return direct;
  }

  /** A person's direct rooms, by name. */
  async ofUser(userId: string): Promise<ReadonlyMap<string, Direct>> {
    const directs = await this.#store.directs(userId);
    for (const direct of directs) this.#remember(direct);
    return new Map(directs.map((direct) => [direct.room, direct]));
  }

  /** The direct room of two people, made if they have none. */
  async between(users: readonly [User, User]): Promise<Direct> {
    const direct = await this.#store.direct(users);
    this.#remember(direct);
    return direct;
  }

  #remember(direct: Direct): void {
    this.#known.delete(direct.room);
    this.#known.set(direct.room, direct);
    if (this.#known.size <= REMEMBERED) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

/** The other one of a direct room; `undefined` if it is no direct room. */
export function partner(direct: Direct | undefined, userId: string): User | undefined {
  return direct?.users.find(({ id }) => id !== userId);
}
