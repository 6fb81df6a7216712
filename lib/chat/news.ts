import type { User } from "../model/user.ts";
import type { Head, Standing, Store } from "../store/store.ts";

/** How often a person is told of the same room at the most, in milliseconds. */
export const NEWS_MS = 1000;

/** A connection that wants to hear of rooms which it has not joined. */
export interface Watcher {
  /** Whose connection it is. */
  readonly user: User;
  /** Is told how much its user has not read in a room. */
  hear(standing: Standing): void;
}

/** A room that somebody watches. */
interface Watched {
  readonly watchers: Set<Watcher>;
  /** The newest change that is known of. */
  seq: number;
  /** Runs for a while after the watchers were told. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether something has changed since. */
  stale: boolean;
}

/** Tells people of changes in rooms of theirs that a connection has not joined: how much there is to read, and no more. */
export class News {
  readonly #store: Store;
  readonly #rooms = new Map<string, Watched>();
  readonly #byWatcher = new Map<Watcher, Set<string>>();

  /** Asks `store` how much people have not read. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** The rooms that somebody watches. */
  get rooms(): string[] {
    return [...this.#rooms.keys()];
  }

  /** Lets a connection hear of a room, of what comes after `seq`. */
  watch(watcher: Watcher, room: string, seq: number): void {
    const watched = this.#rooms.get(room) ??
      { watchers: new Set(), seq, timer: undefined, stale: false };
    this.#rooms.set(room, watched);
    watched.watchers.add(watcher);
    const rooms = this.#byWatcher.get(watcher) ?? new Set();
    this.#byWatcher.set(watcher, rooms.add(room));
  }

  /** Lets a connection hear of a room no more. */
  unwatch(watcher: Watcher, room: string): void {
    this.#byWatcher.get(watcher)?.delete(room);
    const watched = this.#rooms.get(room);
    if (!watched?.watchers.delete(watcher) || watched.watchers.size > 0) return;
    clearTimeout(watched.timer);
    this.#rooms.delete(room);
  }

  /** Lets a connection hear of nothing any more. */
  forget(watcher: Watcher): void {
    for (const room of this.#byWatcher.get(watcher) ?? []) this.unwatch(watcher, room);
    this.#byWatcher.delete(watcher);
  }

  /** Takes the word that a room has come to a number. */
  aim({ room, seq }: Pick<Head, "room" | "seq">): void {
    const watched = this.#rooms.get(room);
    if (!watched || seq <= watched.seq) return;
    watched.seq = seq;
    if (watched.timer === undefined) this.#tell(room, watched);
    else watched.stale = true;
  }

  /** Lets go of the timers. */
  close(): void {
    for (const { timer } of this.#rooms.values()) clearTimeout(timer);
    this.#rooms.clear();
    this.#byWatcher.clear();
  }

  async #tell(room: string, watched: Watched): Promise<void> {
    watched.stale = false;
    watched.timer = setTimeout(() => {
      watched.timer = undefined;
      if (watched.stale) this.#tell(room, watched);
    }, NEWS_MS);
    try {
      const users = new Map(Array.from(watched.watchers, ({ user }) => [user.id, user]));
      const standings = await this.#store.standingsIn(room, [...users.values()]);
      const byUser = new Map(standings.map((standing) => [standing.userId, standing]));
      for (const watcher of watched.watchers) {
        const standing = byUser.get(watcher.user.id);
        if (standing) watcher.hear(standing);
      }
    } catch {
      // Told with the next change, or when the store answers again.
      watched.stale = true;
    }
  }
}
