import type { User } from "../model/user.ts";
import type { Moved, People } from "../store/store.ts";

/** How many people a list of a room's people names at the most. */
export const MAX_LISTED = 100;

/** Who is in a room: each person once, over all of their connections and all instances. */
export class Registry {
  #users = new Map<string, User>();

  /** Begins with the people that the store knows of. */
  constructor(people: People) {
    this.adopt(people);
  }

  /** How many people there are. */
  get count(): number {
    return this.#users.size;
  }

  /** Whether somebody is in the room. */
  has(userId: string): boolean {
    return this.#users.has(userId);
  }

  /** Somebody who is in the room. */
  get(userId: string): User | undefined {
    return this.#users.get(userId);
  }

  /** The first {@linkcode MAX_LISTED} people, in the order in which they came. */
  listed(): User[] {
    return this.#users.values().take(MAX_LISTED).toArray();
  }

  /** Takes a move that happened at any instance. */
  apply({ user, on }: Moved): void {
    if (on) this.#users.set(user.id, user);
    else this.#users.delete(user.id);
  }

  /** Takes everyone as the store has them, in its order: who left and came back has another place. */
  adopt({ users }: People): void {
    this.#users = new Map(users.map((user) => [user.id, user]));
  }

  /** The moves that lead from the people known so far to `people`: who left, then who came. */
  difference(room: string, { rev, users }: People): Moved[] {
    const now = new Map(users.map((user) => [user.id, user]));
    const left = this.#users.values().filter((user) => !now.has(user.id));
    const came = users.filter((user) => !this.#users.has(user.id));
    return [
      ...left.map((user) => ({ room, user, on: false, rev })),
      ...came.map((user) => ({ room, user, on: true, rev })),
    ];
  }
}
