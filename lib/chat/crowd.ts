import type { User } from "../model/user.ts";
import type { Moved, People, Store } from "../store/store.ts";
import { encodeEvent } from "../wire/encode.ts";
import { type ActiveUsers, encodePlainMove } from "../wire/plain.ts";
import type { Members } from "./members.ts";
import { Registry } from "./registry.ts";
import { type Read, Sequence } from "./sequence.ts";

/** A room with more people than this is told their number at most once a second, and not each name. */
export const CROWD = 250;
/** How often a crowd is told its number, in milliseconds. */
export const CROWD_MS = 1000;

/** What a {@linkcode Crowd} works with. */
export interface CrowdServices {
  /** Knows who is in the room, at all instances. */
  readonly store: Pick<Store, "people">;
  /** Who is told of it. */
  readonly members: Members;
}

/** The people of a room, at all instances: takes each coming and going once and in order, and tells the members of it. */
export class Crowd {
  readonly #room: string;
  readonly #services: CrowdServices;
  readonly #registry: Registry;
  readonly #moves: Sequence<Moved | People>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newestMove: Moved | undefined;

  /** Begins with the people that the store knows of in a room. */
  constructor(room: string, people: People, services: CrowdServices) {
    this.#room = room;
    this.#services = services;
    this.#registry = new Registry(people);
    this.#moves = new Sequence<Moved | People>({
      delivered: people.rev,
      deliver: (item) => this.#deliver(item),
      read: () => this.#read(),
    });
  }

  /** The move up to which every one was told. */
  get rev(): number {
    return this.#moves.delivered;
  }

  /** How many people there are. */
  get count(): number {
    return this.#registry.count;
  }

  /** The first of them, in the order in which they came. */
  get users(): readonly User[] {
    return this.#registry.listed();
  }

  /** The same, as plain mode tells of them. */
  get activeUsers(): ActiveUsers {
    return { names: this.users.map((user) => user.name), count: this.count };
  }

  /** One of them. */
  get(userId: string): User | undefined {
    return this.#registry.get(userId);
  }

  /** Takes a move that was stored, at this instance or another. */
  offer(moved: Moved): void {
    this.#moves.offer(moved.rev, moved);
  }

  /** Takes the word that the store has come to a move; what leads to it may come for `waitMs` more. */
  aim(rev: number, waitMs?: number): void {
    this.#moves.aim(rev, waitMs);
  }

  /** Resolves when a move was told, and every one before it. */
  told(moved: Moved): Promise<void> {
    return this.#moves.reach(moved.rev);
  }

  /** Lets go of its timers. */
  close(): void {
    this.#moves.close();
    clearTimeout(this.#timer);
  }

  #deliver(item: Moved | People): void {
    const moves = "users" in item ? this.#registry.difference(this.#room, item) : [item];
    for (const moved of moves) {
      this.#registry.apply(moved);
      if (this.count <= CROWD) this.#tell(moved);
      else this.#tellCountSoon(moved);
    }
    if ("users" in item) this.#registry.adopt(item);
  }

  #tell(moved: Moved): void {
    const { user: { id: user_id, name: username }, on } = moved;
    const type = on ? "user_joined" : "user_left";
    this.#services.members.tellPassing(
      encodeEvent({ type, room: this.#room, user_id, username, count: this.count }),
      this.#plainFrame(moved),
    );
  }

  #tellCountSoon(moved: Moved): void {
    this.#newestMove = moved;
    this.#timer ??= setTimeout(() => this.#tellCount(), CROWD_MS);
  }

  #tellCount(): void {
    this.#timer = undefined;
    this.#services.members.tellPassing(
      encodeEvent({ type: "presence", room: this.#room, count: this.count }),
      this.#plainFrame(this.#newestMove!),
    );
  }

  #plainFrame({ user, on }: Moved): string | undefined {
    if (!this.#services.members.somePlain) return undefined;
    return encodePlainMove(on ? "user_joined" : "user_left", user.name, this.activeUsers);
  }

  async #read(): Promise<Read<People>> {
    const people = await this.#services.store.people(this.#room);
    return { items: [[people.rev, people]], reached: people.rev };
  }
}
