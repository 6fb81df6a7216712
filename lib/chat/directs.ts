import { type Action, may } from "../model/may.ts";
import { isDirectName, isRoomName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Direct, Store } from "../store/store.ts";
import { badRoomName, forbidden, type Refused } from "./outcome.ts";

/** How many direct rooms are remembered: some 200 bytes each. */
const REMEMBERED = 10_000;

/** Whose the direct rooms are, which never changes, so that what was asked once is remembered; and who may do what in any room. */
export class Directs {
  readonly #store: Pick<Store, "direct" | "directOf" | "directs">;
  /** In the order in which they were last asked for. */
  readonly #known = new Map<string, Direct>();
  readonly #capacity: number;

  /** Asks `store`, and remembers at most `capacity` rooms. */
  constructor(
    store: Pick<Store, "direct" | "directOf" | "directs">,
    capacity = REMEMBERED,
  ) {
    this.#store = store;
    this.#capacity = capacity;
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

  /**
   * Why a person may not do something in a room, or `undefined` if they may. Rejects when the store does not answer.
   *
   * For whom it is not, a direct room is one that does not exist.
   */
  async refusal(user: User, action: Action, room: string): Promise<Refused | undefined> {
    if (!isRoomName(room) && !isDirectName(room)) return badRoomName();
    const direct = await this.of(room);
    return may(user, action, room, { direct }) ? undefined : forbidden(action, room);
  }

  /** Forgets all: another log has taken the place of the one that the rooms were of. */
  clear(): void {
    this.#known.clear();
  }

  #remember(direct: Direct): void {
    this.#known.delete(direct.room);
    this.#known.set(direct.room, direct);
    if (this.#known.size <= this.#capacity) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

/** The other one of a direct room; `undefined` if it is no direct room. */
export function partner(direct: Direct | undefined, userId: string): User | undefined {
  return direct?.users.find(({ id }) => id !== userId);
}
