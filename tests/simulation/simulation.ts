import { assertEquals } from "@std/assert";
import { checkOutcome } from "./checks.ts";
import { Clock, START } from "./clock.ts";
import { doSomething } from "./deeds.ts";
import { Faults } from "./faults.ts";
import { FullLog } from "./full_log.ts";
import { Instances } from "./instances.ts";
import { Random } from "./random.ts";
import { SimulatedClient } from "./simulated_client.ts";
import { Carrier } from "./simulated_link.ts";
import { sendStranger } from "./stranger.ts";
import { Trace } from "./trace.ts";
import { SqliteTruth, type Truth } from "./truth.ts";
import type { World } from "./world.ts";

const ROOMS = ["general", "random", "deno"];
const USERS = ["Alice", "Bob", "Carol", "Dan", "Erin", "Frank"];
/** A lease that runs out (30 s), found at a beat (5 s), and what could not be told told at the next two. */
const CALM_MS = 50_000;

/** Makes the truth of a run: `now` is its clock, in milliseconds since 1970. */
export type MakeTruth = (
  now: () => number,
  canBeWoundBack: boolean,
) => Truth | Promise<Truth>;

/**
 * Runs one simulation and fails if anything is not as it should be. Answers the hash of all that happened.
 *
 * `write` gets a line for each thing that happens.
 */
export async function simulate(
  seed: number,
  write?: (line: string) => void,
  makeTruth: MakeTruth = (...args) => new SqliteTruth(...args),
): Promise<number> {
  using clock = new Clock();
  const random = new Random(seed);
  const faults = new Faults(random);
  using truth = await makeTruth(() => clock.now, faults.mishap === "restore");
  const trace = new Trace(() => clock.now - START, write);
  trace.mask(truth.epoch);
  const log = new FullLog(() => clock.now);
  const world: World = { clock, random, faults, truth, log, trace };
  trace.note(JSON.stringify(faults));
  const rejections: unknown[] = [];
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    rejections.push(event.reason);
  };
  addEventListener("unhandledrejection", onRejection);
  try {
    await new Simulation(world).run();
    if (rejections.length > 0) throw rejections[0];
    return trace.hash;
  } finally {
    removeEventListener("unhandledrejection", onRejection);
  }
}

/** Several instances, and clients that use them in hard times. */
class Simulation {
  readonly #world: World;
  readonly #rooms: readonly string[];
  readonly #instances: Instances;
  readonly #clients: readonly SimulatedClient[];
  #isBusy = true;

  constructor(world: World) {
    const { random, faults } = world;
    this.#world = world;
    this.#rooms = ROOMS.slice(0, faults.rooms);
    this.#instances = new Instances(world, new Carrier(world));
    this.#clients = Array.from({ length: faults.clients }, (_, index) => {
      // Some people have two clients.
      const name = USERS[index % USERS.length]!;
      return new SimulatedClient(world, {
        name: `c${index}`,
        user: { id: name.toLowerCase().padEnd(12, "0"), name },
        window: random.pick([1, 1, 4]),
        instances: () => this.#instances.running,
      });
    });
  }

  async run(): Promise<void> {
    const { clock, faults, random } = this.#world;
    this.#instances.start();
    for (const client of this.#clients) {
      clock.after(random.small(1_000), () => client.connect());
      client.join(random.pick(this.#rooms));
      this.#busy(client);
    }
    this.#befallAtTimes();
    await clock.pass(faults.busyMs);

    this.#isBusy = false;
    if (faults.cutShort) return await this.#end();
    faults.stop();
    await clock.during(this.#instances.settle());
    await clock.pass(CALM_MS);
    await checkOutcome({
      world: this.#world,
      rooms: this.#rooms,
      clients: this.#clients,
      instances: this.#instances.running,
    });
    await this.#end();
  }

  #busy(client: SimulatedClient): void {
    const { clock, faults, random } = this.#world;
    clock.after(random.integer(0, faults.leisureMs), () => {
      if (!this.#isBusy) return;
      doSomething(client, this.#rooms, this.#world);
      this.#busy(client);
    });
  }

  #befallAtTimes(): void {
    const { clock, faults, random } = this.#world;
    clock.after(random.integer(500, faults.busyMs), () => {
      if (!this.#isBusy) return;
      this.#instances.befall();
      const listening = this.#instances.running.filter(({ listens }) => listens);
      if (listening.length > 0 && random.chance(0.3)) {
        sendStranger(this.#world, random.pick(listening), random.pick(this.#rooms));
      }
      this.#befallAtTimes();
    });
  }

  async #end(): Promise<void> {
    const { clock, faults } = this.#world;
    for (const client of this.#clients) client.stop();
    await clock.during(this.#instances.close());
    assertEquals(clock.serverTimers, 0, "no timer is left of what was closed");
    faults.stop();
    while (!clock.idle) await clock.step();
    assertEquals(clock.serverTimers, 0, "nothing that was closed sets a timer");
  }
}
