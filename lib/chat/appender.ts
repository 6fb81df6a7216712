import type { Draft } from "../model/change.ts";
import type { Meter } from "../meter.ts";
import { type Appended, type Store, StoreUnavailableError } from "../store/store.ts";
import type { Flushable, Tick } from "./tick.ts";

/** This many drafts are handed to the store without waiting for the turn's end, which a flood puts off. */
export const MAX_DRAFTS = 256;

/** Is told once what became of a draft, or why the store cannot tell. Never throws. */
export type OnAppended = (appended: Appended | StoreUnavailableError) => void;

/** What an {@linkcode Appender} works with. */
export interface AppenderServices {
  /** The truth. */
  readonly store: Pick<Store, "append">;
  /** Hands what was collected to the store at the end of a turn. */
  readonly tick: Tick;
  /** What learns how long it took. */
  readonly meter: Meter;
  /** Called when the store did what it was asked. */
  readonly onStored?: () => void;
  /** Called when the store cannot answer, with its error. */
  readonly onUnavailable?: (error: StoreUnavailableError) => void;
  /** Called when the store fails as no store should: the program is wrong. */
  readonly onFailure: (error: unknown) => void;
}

interface Waiting {
  readonly draft: Draft;
  readonly onAppended: OnAppended;
}

/** Makes durable what one turn of the event loop asks for, of all rooms, with one call of the store. */
export class Appender implements Flushable {
  readonly #services: AppenderServices;
  #waiting: Waiting[] = [];

  /** Nothing waits at first. */
  constructor(services: AppenderServices) {
    this.#services = services;
  }

  /** Makes a draft durable. Drafts of one room are numbered in the order in which they come. */
  append(draft: Draft, onAppended: OnAppended): void {
    this.#waiting.push({ draft, onAppended });
    if (this.#waiting.length >= MAX_DRAFTS) this.flush();
    else if (this.#waiting.length === 1) this.#services.tick.request("store", this);
  }

  /** Hands what was collected to the store. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#append(waiting);
  }

  async #append(waiting: readonly Waiting[]): Promise<void> {
    const { store, meter, onStored, onFailure, onUnavailable } = this.#services;
    const startedAt = performance.now();
    let answers: readonly (Appended | StoreUnavailableError)[];
    try {
      answers = await store.append(waiting.map(({ draft }) => draft));
      meter.onAppend((performance.now() - startedAt) / 1000);
      onStored?.();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) {
        // Nothing was stored. One draft that the store chokes on must take no other with it.
        if (waiting.length > 1) return this.#appendEach(waiting);
        onFailure(error);
      } else onUnavailable?.(error);
      answers = waiting.map(() =>
        error instanceof StoreUnavailableError
          ? error
          : new StoreUnavailableError("The store has failed", { cause: error })
      );
    }
    waiting.forEach(({ onAppended }, index) => onAppended(answers[index]!));
  }

  async #appendEach(waiting: readonly Waiting[]): Promise<void> {
    for (const one of waiting) await this.#append([one]);
  }
}
