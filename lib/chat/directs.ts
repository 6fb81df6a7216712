import { type Action, may } from "../model/may.ts";
import { isDirectName, isRoomName } from "../model/names.ts";
import type { User } from "../model/user.ts";
import type { Direct, Store } from "../store/store.ts";
import { badRoomName, forbidden, type Refused } from "./outcome.ts";

/** How many direct rooms are remembered: about 5 MB. */
const CAPACITY = 10_000;

/** Whose the direct rooms are, remembered from the store, where it never changes; and who may do what in any room. */
export class Directs {
  readonly #store: Pick<Store, "directOf" | "directs">;
  readonly #capacity: number;
  /** The one that was not needed for the longest time comes first. */
  readonly #known = new Map<string, Direct>();

  /** Asks `store`, and remembers at most `capacity` rooms. */
  constructor(store: Pick<Store, "directOf" | "directs">, capacity = CAPACITY) {
    this.#store = store;
    this.#capacity = capacity;
  }

  /** The two of a direct room, or `undefined` if there is none of this name. Rejects as the store does. */
  async of(room: string): Promise<Direct["users"] | undefined> {
    if (!isDirectName(room)) return undefined;
    const direct = this.#known.get(room) ?? await this.#store.directOf(room);
    if (direct) this.note([direct]);
    return direct?.users;
  }

  /** With whom a person speaks in those of some rooms of theirs that are direct. Rejects as the store does. */
  async others(
    userId: string,
    rooms: readonly { readonly room: string }[],
  ): Promise<ReadonlyMap<string, User>> {
    if (!rooms.some(({ room }) => isDirectName(room))) return new Map();
    const theirs = await this.#store.directs(userId);
    this.note(theirs);
    return new Map(theirs.map(({ room, users }) => [room, otherOf(users, userId)!]));
  }

  /** Remembers rooms that the store has told of. */
  note(directs: readonly Direct[]): void {
    for (const direct of directs) {
      this.#known.delete(direct.room);
      this.#known.set(direct.room, direct);
      if (this.#known.size > this.#capacity) this.#known.delete(this.#known.keys().next().value!);
    }
  }

  /** Forgets all: another log has taken the place of the one that the rooms were of. */
  clear(): void {
    this.#known.clear();
  }

  /**
   * Why a person may not do something in a room, or `undefined` if they may. Rejects as the store does.
   *
   * For whom it is not, a direct room is one that does not exist.
   */
  async refusal(user: User, action: Action, room: string): Promise<Refused | undefined> {
    if (!isRoomName(room) && !isDirectName(room)) return badRoomName();
    const members = await this.of(room);
    return may(user, action, room, { members }) ? undefined : forbidden(action, room);
  }
}

/** The one of a direct room's two with whom a person speaks; `undefined` in any other room. */
export function otherOf(users: readonly User[] | undefined, userId: string): User | undefined {
  return users?.find(({ id }) => id !== userId);
}
