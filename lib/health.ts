import type { Logger } from "./log.ts";

/**
 * How long an instance is not ready after the last append that the store refused, in milliseconds: who gets no sends hears
 * of none that it takes, and is not to stay away for that; where people are, they repeat theirs within seconds.
 */
export const REFUSED_MS = 10_000;

/** What a {@linkcode Health} works with. */
export interface HealthServices {
  /** Hears when the store is lost or refuses appends, and when it is back or takes them: once each. */
  readonly log: Pick<Logger, "info" | "warn">;
  /** Called when something failed, to have the store asked at once whether it answers. */
  readonly onDoubt: () => void;
  /** A clock in milliseconds that only rises, by default that of the process. */
  readonly now?: () => number;
}

/** Whether an instance should be sent requests: while its store answers and takes what is said, until it is asked to end. */
export class Health {
  readonly #services: HealthServices;
  readonly #now: () => number;
  #answers = false;
  #lost = false;
  /** The last append that failed, since one was stored or the store was lost. */
  #failure: { readonly error: unknown; readonly atMs: number } | undefined;
  /** Whether it was told that the store refuses appends. */
  #refuses = false;
  #leaves = false;

  /** It is not ready at first. */
  constructor(services: HealthServices) {
    this.#services = services;
    this.#now = services.now ?? (() => performance.now());
  }

  /** What `/readyz` says. */
  get ready(): boolean {
    const refusedAt = this.#failure?.atMs ?? -Infinity;
    return this.#answers && !this.#leaves && this.#now() - refusedAt >= REFUSED_MS;
  }

  /** Notes that the store has answered. */
  answered(): void {
    if (this.#lost) this.#services.log.info("The store answers again");
    this.#answers = true;
    this.#lost = false;
    if (!this.#failure || this.#refuses) return;
    this.#services.log.warn("The store answers, and does not take messages", {
      error: this.#failure.error,
    });
    this.#refuses = true;
  }

  /** Notes that the store did not answer when it was asked. */
  missed(error: unknown): void {
    if (!this.#lost) this.#services.log.warn("The store does not answer", { error });
    this.#answers = false;
    this.#lost = true;
    // It may take them when it is back.
    this.#failure = undefined;
  }

  /** Notes that an append failed: the store is asked whether it answers at all. */
  failed(error: unknown): void {
    if (this.#lost) return;
    this.#failure = { error, atMs: this.#now() };
    if (!this.#answers) return;
    this.#answers = false;
    this.#services.onDoubt();
  }

  /** Notes that an append was stored. */
  stored(): void {
    this.#failure = undefined;
    if (!this.#refuses) return;
    this.#services.log.info("The store takes messages again");
    this.#refuses = false;
  }

  /** Notes that the instance was asked to end. */
  leave(): void {
    this.#leaves = true;
  }
}
