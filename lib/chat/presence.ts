import type { Claim, Move, Moved, Store } from "../store/store.ts";

/** What a presence works with. */
export interface PresenceServices {
  /** The name of this instance. */
  readonly instance: string;
  /** Where everyone finds who is where. */
  readonly store: Store;
  /** Called with the moves that others should be told of. */
  readonly onMoved: (moves: readonly Moved[]) => void;
  /** Called when somebody's name went to somebody else while this instance had lost its lease. */
  readonly onNameLost: (userId: string) => void;
}

/** What the store knows of something that was asked of it: it is so, or the answer never came. */
type Told = "yes" | "unknown";

/** A connection that is gone, and still counts for a while. */
interface Departure {
  /** The rooms that it holds the person in. */
  readonly rooms: Set<string>;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a newer connection has come in its place: when that one leaves, so does this. */
  replaced: boolean;
}

/** What holds for a person at this instance, and what the store has been told of it. */
interface Person {
  claim: Claim;
  connections: number;
  /** Those of the connections that broke and may come back. */
  readonly departures: Set<Departure>;
  /** How many connections hold the person in a room. */
  readonly rooms: Map<string, number>;
  readonly toldRooms: Map<string, Told>;
  /** The moves that brought the person into rooms, where it was this instance that made them. */
  readonly entrances: Map<string, Moved>;
  toldOnline: Told | undefined;
  /** The end of what is being told, so that one thing is told after another. */
  told: Promise<unknown>;
}

/**
 * Who is connected at this instance, and in which rooms: held as it should be, and told to the store.
 *
 * What could not be told is told at the next beat, as is everything after a lease that ran out.
 */
export class Presence {
  readonly #services: PresenceServices;
  readonly #people = new Map<string, Person>();
  /** People of whom something could not be told. */
  readonly #behind = new Set<Person>();

  /** Nobody is connected at first. */
  constructor(services: PresenceServices) {
    this.#services = services;
  }

  /**
   * Adds a connection of a person; `false` if somebody else holds the name.
   *
   * Each one that was added must be taken off with {@linkcode detach}.
   */
  async attach(claim: Claim): Promise<boolean> {
    const person = this.#people.get(claim.user.id) ?? newPerson(claim);
    this.#people.set(claim.user.id, person);
    person.connections++;
    person.claim = claim;
    const broken = person.departures.values().find((departure) => !departure.replaced);
    if (broken) broken.replaced = true;
    let held = false;
    try {
      held = await this.#tell(person, () => this.#tellOnline(person, claim.takesOver));
      return held;
    } finally {
      if (!held) await this.detach(claim.user.id);
    }
  }

  /** Takes off a connection of a person: with the last one their name is kept as long as was claimed. */
  async detach(userId: string): Promise<void> {
    const person = this.#people.get(userId);
    if (person) await this.#leave(person, [newDeparture([])]);
  }

  /**
   * Takes a connection of a person out of rooms and off, once `afterMs` have passed: until then it may come back.
   *
   * Who leaves at once leaves the places too that they broke off from and came back to.
   */
  depart(userId: string, rooms: readonly string[], afterMs: number): void {
    const person = this.#people.get(userId);
    if (!person) return;
    const departure = newDeparture(rooms);
    if (afterMs === 0) return void this.#leave(person, [departure, ...replaced(person)]);
    person.departures.add(departure);
    departure.timer = setTimeout(() => this.#leave(person, [departure]), afterMs);
  }

  /** Resolves when the store was told what holds for a person by now, or could not be told. */
  async settled(userId: string): Promise<void> {
    await this.#people.get(userId)?.told;
  }

  /** Notes one connection more of a person in a room; answers the move by which they came, if this instance made it. */
  async enter(userId: string, room: string): Promise<Moved | undefined> {
    const person = this.#people.get(userId);
    if (!person) {
      throw new TypeError(`Cannot enter "${room}" as the user "${userId}" is not attached`);
    }
    person.rooms.set(room, (person.rooms.get(room) ?? 0) + 1);
    try {
      await this.#tell(person, () => this.#tellRooms(person));
      return person.entrances.get(room);
    } catch (error) {
      release(person, room);
      this.#behind.add(person);
      throw error;
    }
  }

  /** Notes one connection less of a person in a room, and those that it replaced. */
  async exit(userId: string, room: string): Promise<void> {
    const person = this.#people.get(userId);
    if (!person) return;
    release(person, room);
    for (const { rooms } of replaced(person)) {
      if (rooms.delete(room)) release(person, room);
    }
    await this.#bringUpToDate(person);
  }

  /** The rooms that a person is in at this instance. */
  rooms(userId: string): string[] {
    return [...this.#people.get(userId)?.rooms.keys() ?? []];
  }

  /** Tells the store what it does not know yet; of everyone if this instance's rows may be gone from it. */
  async catchUp(rowsHeld: boolean): Promise<void> {
    const behind = new Set(this.#behind);
    if (!rowsHeld) { for (const person of this.#people.values()) behind.add(person); }
    this.#behind.clear();
    await Promise.all(Array.from(behind, (person) => this.#bringUpToDate(person, rowsHeld)));
  }

  /** Lets go of the timers, and finishes what is being told: whoever was about to depart stays noted. */
  async close(): Promise<void> {
    await Promise.all(
      this.#people.values().map(({ departures, told }) => {
        for (const { timer } of departures) clearTimeout(timer);
        return told;
      }),
    );
  }

  async #leave(person: Person, departures: readonly Departure[]): Promise<void> {
    for (const departure of departures) {
      clearTimeout(departure.timer);
      person.departures.delete(departure);
      for (const room of departure.rooms) release(person, room);
      person.connections--;
    }
    if (person.connections === 0) person.rooms.clear();
    await this.#bringUpToDate(person);
  }

  /** Tells the store all that it does not know of a person; what fails is tried again at the next beat. */
  async #bringUpToDate(person: Person, rowsHeld = true): Promise<void> {
    try {
      await this.#tell(person, () => {
        // Only now: what was being told may have been done before the rows went.
        if (!rowsHeld) doubt(person);
        return this.#tellAll(person);
      });
    } catch {
      this.#behind.add(person);
    }
  }

  #tell<T>(person: Person, what: () => Promise<T>): Promise<T> {
    const telling = person.told.then(what);
    person.told = telling.catch(() => {});
    return telling;
  }

  async #tellAll(person: Person): Promise<void> {
    if (person.connections > 0 && !await this.#tellOnline(person)) {
      this.#services.onNameLost(person.claim.user.id);
      return;
    }
    await this.#tellRooms(person);
    if (person.connections === 0) await this.#tellOffline(person);
  }

  async #tellOnline(person: Person, again = false): Promise<boolean> {
    if (person.toldOnline === "yes" && !again) return true;
    person.toldOnline = "unknown";
    const { instance, store } = this.#services;
    const [held] = await store.connect(instance, [person.claim]);
    person.toldOnline = held ? "yes" : undefined;
    return held ?? false;
  }

  async #tellOffline(person: Person): Promise<void> {
    const { instance, store } = this.#services;
    const userId = person.claim.user.id;
    if (person.toldOnline) {
      person.toldOnline = "unknown";
      await store.disconnect(instance, [userId]);
      person.toldOnline = undefined;
    }
    // Somebody may have come back while the store was told.
    if (person.connections === 0 && this.#people.get(userId) === person) {
      this.#people.delete(userId);
    }
  }

  async #tellRooms(person: Person): Promise<void> {
    const { instance, store, onMoved } = this.#services;
    const moves = untold(person);
    if (moves.length === 0) return;
    for (const { room } of moves) person.toldRooms.set(room, "unknown");
    const answers = await store.move(instance, moves);
    for (const { room, on } of moves) {
      if (on) person.toldRooms.set(room, "yes");
      else person.toldRooms.delete(room);
    }
    const moved = answers.filter((move) => move !== undefined);
    for (const move of moved) {
      if (move.on) person.entrances.set(move.room, move);
      else person.entrances.delete(move.room);
    }
    if (moved.length > 0) onMoved(moved);
  }
}

function newPerson(claim: Claim): Person {
  return {
    claim,
    connections: 0,
    departures: new Set(),
    rooms: new Map(),
    toldRooms: new Map(),
    entrances: new Map(),
    toldOnline: undefined,
    told: Promise.resolve(),
  };
}

/** Notes that what the store was told may be gone from it, or be there all the same: that somebody left by now too. */
function doubt(person: Person): void {
  if (person.toldOnline) person.toldOnline = "unknown";
  for (const room of person.toldRooms.keys()) person.toldRooms.set(room, "unknown");
  person.entrances.clear();
}

function newDeparture(rooms: readonly string[]): Departure {
  return { rooms: new Set(rooms), timer: undefined, replaced: false };
}

function replaced({ departures }: Person): Departure[] {
  return [...departures].filter((departure) => departure.replaced);
}

function untold({ claim: { user }, rooms, toldRooms }: Person): Move[] {
  const entered = [...rooms.keys()].filter((room) => toldRooms.get(room) !== "yes");
  const left = [...toldRooms.keys()].filter((room) => !rooms.has(room));
  return [
    ...entered.map((room) => ({ room, user, on: true })),
    ...left.map((room) => ({ room, user, on: false })),
  ];
}

function release(person: Person, room: string): void {
  const connections = (person.rooms.get(room) ?? 0) - 1;
  if (connections > 0) person.rooms.set(room, connections);
  else person.rooms.delete(room);
}
