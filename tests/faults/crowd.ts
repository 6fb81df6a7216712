import { assert, assertEquals } from "@std/assert";
import { delay } from "../helpers/delay.ts";
import { Random } from "../simulation/random.ts";
import { soon } from "./soon.ts";
import { type Place, TirelessClient } from "./tireless_client.ts";

/** How long each of a crowd waits after each command, in milliseconds. */
const PACE_MS = 400;

/** Many tireless clients in one room. */
export class Crowd implements Disposable {
  /** They are in the room, and ask for nothing until they begin. */
  constructor(readonly clients: readonly TirelessClient[]) {}

  /** Lets some people enter. Each has one command under way at a time, since an outcome may be unknown. */
  static async enter(place: Place, count: number, seed: number, name = "User"): Promise<Crowd> {
    const temper = { window: 1, paceMs: PACE_MS };
    const crowd = new Crowd(
      await Promise.all(
        Array.from(
          { length: count },
          (_, i) => TirelessClient.start(place, `${name} ${i}`, new Random(seed + i), temper),
        ),
      ),
    );
    await soon(crowd.#until(() => crowd.seesItself()), 5_000, "everyone at everyone");
    return crowd;
  }

  /** Everyone begins to ask. */
  begin(): void {
    for (const client of this.clients) client.begin();
  }

  /** Everyone stops to ask, gets all answers, and hears of everything; in time, and all in the room. */
  async rest(withinMs: number): Promise<void> {
    const everyone = Promise.all(this.clients.map((client) => client.finish()));
    const endsAt = performance.now() + withinMs;
    await soon(everyone, withinMs, () => `an answer to everything\n${this.describe()}`);
    const restMs = endsAt - performance.now();
    await soon(
      this.#until(() => this.#isAtRest()),
      restMs,
      () => `the same at all\n${this.describe()}`,
    );
  }

  /** Waits until something holds. Rejects when anything was not as promised. */
  async until(holds: () => boolean, withinMs: number, what: string): Promise<void> {
    await soon(this.#until(holds), withinMs, () => `${what}\n${this.describe()}`);
  }

  /** Fails unless nobody lost their connection while something is done. */
  async staysConnected(work: () => Promise<void>): Promise<void> {
    const before = this.#closes();
    await work();
    assertEquals(this.#closes(), before, "people stay connected");
  }

  /** How often anybody was told that somebody came or left. */
  get moves(): number {
    return this.clients.reduce((sum, { notes }) => sum + notes.moves, 0);
  }

  /** Whether everyone knows exactly that all are here. */
  seesItself(): boolean {
    return this.clients.every(({ room }) =>
      room.people.size === this.clients.length &&
      this.clients.every(({ user }) => room.people.has(user.id))
    );
  }

  /** Two of them who are at the same instance. */
  neighbours(): readonly [TirelessClient, TirelessClient] {
    const [one, ...others] = this.clients;
    const other = others.find(({ notes }) => notes.instance === one!.notes.instance);
    assert(one && other, "two are at the same instance");
    return [one, other];
  }

  /** Where everyone stands, for a person who wonders why a test fails. */
  describe(): string {
    return this.clients.map(({ user, notes, room, asked, isInside }) => {
      const open = [...asked].filter(([, { answer }]) => answer === undefined).map(([ref]) => ref);
      return `${user.name} ${isInside ? "in" : "out"} at ${notes.instance}: seq ${room.seq}, ` +
        `people ${room.people.size}, open ${open}, closes ${notes.closes}, ` +
        `unavailable ${notes.unavailable}`;
    }).join("\n");
  }

  [Symbol.dispose](): void {
    for (const client of this.clients) client.leave();
  }

  #isAtRest(): boolean {
    return this.clients.every(({ isInside }) => isInside) &&
      new Set(this.clients.map(({ room }) => room.seq)).size === 1;
  }

  #closes(): number[] {
    return this.clients.flatMap(({ notes }) => notes.closes);
  }

  async #until(holds: () => boolean): Promise<void> {
    const failed = { so: false };
    const failure = Promise.race(this.clients.map((client) => client.failed));
    failure.catch(() => failed.so = true);
    while (!holds()) {
      if (failed.so) await failure;
      await delay(20);
    }
  }
}
