import type { Config } from "./config.ts";
import type { FromIsolate, ToIsolate } from "./isolate.ts";
import type { Logger } from "./log.ts";

/** How soon an isolate that died is started again, in milliseconds; each time that follows at once doubles it. */
const RESTART_MS = 100;
const MAX_RESTART_MS = 10_000;
/** An isolate that lived this long was well, in milliseconds. */
const WELL_MS = 10_000;

/** The module that each isolate runs. */
const ISOLATE = new URL("./isolate.ts", import.meta.url);

/** What a {@linkcode Supervisor} works with. */
export interface SupervisorServices {
  /** Hears of isolates that died. */
  readonly log: Logger;
  /** A port of the process's SQLite Worker for one more isolate, if there is such a Worker. */
  readonly storePort: () => MessagePort | undefined;
  /** What each isolate runs, in place of `isolate.ts`. */
  readonly module?: URL;
}

/** Keeps `config.isolates` isolates on one port: starts one that died again, and ends them all in order. */
export class Supervisor {
  readonly #config: Config;
  readonly #services: SupervisorServices;
  readonly #isolates = new Set<Isolate>();
  #closing = false;

  /** `config.port` must be a port that is free. */
  constructor(config: Config, services: SupervisorServices) {
    this.#config = config;
    this.#services = services;
  }

  /** Resolves when every isolate answers; rejects with why one cannot start. */
  async start(): Promise<void> {
    const isolates = Array.from({ length: this.#config.isolates }, () => this.#launch());
    await Promise.all(isolates.map((isolate) => isolate.begun()));
    for (const isolate of isolates) this.#keep(isolate);
  }

  /** Ends every isolate in order. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#isolates].map((isolate) => isolate.close()));
  }

  #launch(predecessor?: string): Isolate {
    const { module = ISOLATE, storePort } = this.#services;
    const isolate = new Isolate(module, this.#config, predecessor, storePort());
    this.#isolates.add(isolate);
    return isolate;
  }

  /** Puts another isolate in the place of one that died, and keeps that one. */
  async #keep(isolate: Isolate, predecessor?: string, restartMs = RESTART_MS): Promise<void> {
    const { instance } = isolate;
    const error = await isolate.died;
    this.#isolates.delete(isolate);
    if (this.#closing) return;
    this.#services.log.error("An isolate died and is started again", { instance, error });
    const waitMs = isolate.ageMs < WELL_MS ? restartMs : RESTART_MS;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (this.#closing) return;
    // Nobody was at one that never answered: the people to see to are still those of the one before it.
    const fallen = isolate.answers ? instance : predecessor;
    this.#keep(this.#launch(fallen), fallen, Math.min(waitMs * 2, MAX_RESTART_MS));
  }
}

/** One isolate: a Worker that runs an instance. */
class Isolate {
  readonly instance = crypto.randomUUID().slice(0, 8);
  readonly #worker: Worker;
  readonly #bornAt = performance.now();
  readonly #started = Promise.withResolvers<void>();
  readonly #died = Promise.withResolvers<string>();
  readonly #closed = Promise.withResolvers<void>();
  #answers = false;

  constructor(module: URL, config: Config, predecessor?: string, storePort?: MessagePort) {
    const { instance } = this;
    this.#worker = new Worker(module, { type: "module", name: `isolate ${instance}` });
    this.#worker.addEventListener("message", ({ data }) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => {
      // Left alone, an isolate's error would end the whole process.
      event.preventDefault();
      this.#die(event.message);
    });
    const message: ToIsolate = { type: "start", config, instance, predecessor, storePort };
    this.#worker.postMessage(message, storePort ? [storePort] : []);
  }

  /** Whether people may have come to it. */
  get answers(): boolean {
    return this.#answers;
  }

  /** How long ago it was started, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#bornAt;
  }

  /** Resolves to the reason when it ends without being closed. */
  get died(): Promise<string> {
    return this.#died.promise;
  }

  /** Resolves when it answers; rejects with the reason if it cannot. */
  begun(): Promise<void> {
    const failed = this.#died.promise.then((reason) => Promise.reject(new Error(reason)));
    return Promise.race([this.#started.promise, failed]);
  }

  /** Ends it in order; resolves when it has ended, if it had not already. */
  async close(): Promise<void> {
    const message: ToIsolate = { type: "close" };
    this.#worker.postMessage(message);
    await Promise.race([this.#closed.promise, this.#died.promise]);
  }

  #hear(message: FromIsolate): void {
    switch (message.type) {
      case "started":
        this.#answers = true;
        return this.#started.resolve();
      case "failed":
        return this.#die(message.message);
      case "closed":
        return this.#closed.resolve();
    }
  }

  #die(reason: string): void {
    this.#worker.terminate();
    this.#died.resolve(reason);
  }
}
