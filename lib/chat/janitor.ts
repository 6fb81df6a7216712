import type { Store } from "../store/store.ts";

/** How long after one round of tidying the next one begins, in milliseconds. */
export const ROUND_MS = 60 * 60 * 1000;
/** How long the store is left alone between two steps of a round, in milliseconds. */
export const PAUSE_MS = 50;

const DAY_MS = 24 * 60 * 60 * 1000;

/** How a {@linkcode Janitor} is wired. */
export interface JanitorOptions {
  /** Where messages are removed. */
  readonly store: Store;
  /** Days for which messages are kept; `Infinity` keeps them. */
  readonly days: number;
  /** Messages of a room that are kept; `Infinity` keeps all. */
  readonly perRoom: number;
  /** Called with what the store rejected a step with: the round is given up. */
  readonly onFailure: (error: unknown) => void;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Removes the messages that are not kept: a round through all rooms once an hour, in small steps. */
export class Janitor {
  readonly #options: JanitorOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #step: Promise<void> | undefined;
  #closed = false;

  /** Begins its first round at once. */
  constructor(options: JanitorOptions) {
    this.#options = options;
    this.#later(PAUSE_MS, "");
  }

  /** Finishes the step that is under way, and lets go of the timer. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#step;
  }

  #later(ms: number, from: string): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#step = this.#prune(from), ms);
  }

  async #prune(from: string): Promise<void> {
    const { store, days, perRoom, onFailure, now = Date.now } = this.#options;
    let next: string | undefined;
    try {
      const sentBefore = Math.max(0, now() - days * DAY_MS);
      next = await store.prune({ sentBefore, perRoom }, from);
    } catch (error) {
      onFailure(error);
    }
    this.#later(next === undefined ? ROUND_MS : PAUSE_MS, next ?? "");
  }
}
