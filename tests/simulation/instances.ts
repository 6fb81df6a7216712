import type { Carrier } from "./simulated_link.ts";
import { SimulatedInstance } from "./simulated_instance.ts";
import type { World } from "./world.ts";

/** How many instances there are. */
const INSTANCES = 3;

/** The instances of a run, and what happens to them. */
export class Instances {
  readonly #world: World;
  readonly #carrier: Carrier;
  #running: SimulatedInstance[] = [];
  readonly #beginnings = new Set<Promise<void>>();
  #names = 0;
  #ended = false;
  #windsBack = false;

  /** None is running at first. */
  constructor(world: World, carrier: Carrier) {
    this.#world = world;
    this.#carrier = carrier;
  }

  /** Those that are running, or about to. */
  get running(): readonly SimulatedInstance[] {
    return this.#running;
  }

  /** Starts all. */
  start(): void {
    for (let count = 0; count < INSTANCES; count++) this.#begin();
  }

  /** Lets something happen to one of them. */
  befall(): void {
    const { clock, faults, random } = this.#world;
    const listening = this.#running.filter(({ listens }) => listens);
    if (listening.length === 0) return;
    const victim = random.pick(listening);
    this.#world.trace.note(`${faults.mishap} befalls ${victim.name}`);
    switch (faults.mishap) {
      case "none":
        return;
      case "outage":
        return victim.cutOff(random.integer(100, 8_000));
      case "pause":
        return victim.pause(random.integer(100, 8_000));
      case "long pause":
        return victim.pause(random.integer(28_000, 45_000));
      case "restore":
        return this.#windBackLater();
      case "sleep": {
        const ms = random.integer(28_000, 45_000);
        return this.#running.forEach((instance) => instance.pause(ms));
      }
      case "restart":
        this.#running = this.#running.filter((instance) => instance !== victim);
        this.#wait(victim.close().then(() => this.#begin()));
        return;
      case "death": {
        this.#running = this.#running.filter((instance) => instance !== victim);
        victim.die();
        // One that died with its whole process has nobody who knows of it.
        const predecessor = random.chance(0.5) ? victim.name : undefined;
        return clock.after(random.integer(10, 3_000), () => this.#begin(predecessor));
      }
    }
  }

  /** Waits for those that are about to run, or to go. */
  async settle(): Promise<void> {
    while (this.#beginnings.size > 0) await Promise.all(this.#beginnings);
  }

  /** Ends all, and lets none take their places. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.settle();
    await Promise.all(this.#running.map((instance) => instance.close()));
  }

  #windBackLater(): void {
    const { clock, log, random, trace, truth } = this.#world;
    if (this.#windsBack) return;
    this.#windsBack = true;
    truth.keep();
    const heads = log.heads();
    clock.after(random.integer(100, 3_000), () => {
      this.#windsBack = false;
      trace.note("the store is wound back");
      log.windBack(heads, truth.epoch);
      truth.windBack();
      trace.mask(truth.epoch);
    });
  }

  #begin(predecessor?: string): void {
    if (this.#ended) return;
    const { faults, random } = this.#world;
    const instance = new SimulatedInstance(this.#world, `i${++this.#names}`);
    this.#running.push(instance);
    if (faults.mishap === "outage" && random.chance(0.3)) instance.cutOff(random.integer(1, 3_000));
    this.#wait(instance.start(this.#carrier, predecessor));
  }

  #wait(work: Promise<void>): void {
    this.#beginnings.add(work);
    work.finally(() => this.#beginnings.delete(work));
  }
}
