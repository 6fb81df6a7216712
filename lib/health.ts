import type { Logger } from "./log.ts";

/** What a {@linkcode Health} works with. */
export interface HealthServices {
  /** Hears when the store is lost, and when it is back: once each. */
  readonly log: Pick<Logger, "info" | "warn">;
  /** Called when something failed, to have the store asked at once whether it answers. */
  readonly onDoubt: () => void;
}

/** Whether an instance should be sent requests: while its store answers, until it is asked to end. */
export class Health {
  readonly #services: HealthServices;
  #answers = false;
  #lost = false;
  #leaves = false;

  /** It is not ready at first. */
  constructor(services: HealthServices) {
    this.#services = services;
  }

  /** What `/readyz` says. */
  get ready(): boolean {
    return this.#answers && !this.#leaves;
  }

  /** Notes that the store has answered. */
  answered(): void {
    if (this.#lost) this.#services.log.info("The store answers again");
    this.#answers = true;
    this.#lost = false;
  }

  /** Notes that the store did not answer when it was asked. */
  missed(error: unknown): void {
    if (!this.#lost) this.#services.log.warn("The store does not answer", { error });
    this.#answers = false;
    this.#lost = true;
  }

  /** Notes that something failed that the store was to do. */
  doubt(): void {
    if (!this.#answers) return;
    this.#answers = false;
    this.#services.onDoubt();
  }

  /** Notes that the instance was asked to end. */
  leave(): void {
    this.#leaves = true;
  }
}
