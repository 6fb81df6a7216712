import { StoreUnavailableError } from "./store.ts";

interface Waiting<C, A> extends PromiseWithResolvers<A> {
  readonly call: C;
}

/** How a {@linkcode Group} does calls. */
export interface GroupOptions<C, A> {
  /** Does calls in order, in one atomic step, and answers each. */
  readonly perform: (calls: readonly C[]) => Promise<readonly A[]>;
  /** What a call counts; 1 if absent. */
  readonly weigh?: (call: C) => number;
  /** What the calls of one step may count together, unless there is only one. */
  readonly capacity: number;
}

/** Does calls one step after another: what comes while one is under way is the next, so that many share one commit. */
export class Group<C, A> {
  readonly #options: GroupOptions<C, A>;
  #waiting: Waiting<C, A>[] = [];
  #working: Promise<void> | undefined;

  /** Nothing waits at first. */
  constructor(options: GroupOptions<C, A>) {
    this.#options = options;
  }

  /** Does a call after those that came before it. */
  call(call: C): Promise<A> {
    const waiting = { call, ...Promise.withResolvers<A>() };
    this.#waiting.push(waiting);
    // What comes in the same turn goes together.
    this.#working ??= Promise.resolve().then(() => this.#work());
    return waiting.promise;
  }

  /** Resolves when nothing waits and nothing is under way. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#perform(this.#take());
    this.#working = undefined;
  }

  #take(): Waiting<C, A>[] {
    const { capacity, weigh = () => 1 } = this.#options;
    let count = 0;
    for (let weight = 0; count < this.#waiting.length; count++) {
      weight += weigh(this.#waiting[count]!.call);
      if (weight > capacity && count > 0) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #perform(group: readonly Waiting<C, A>[]): Promise<void> {
    try {
      const answers = await this.#options.perform(group.map(({ call }) => call));
      group.forEach(({ resolve }, index) => resolve(answers[index]!));
    } catch (error) {
      // Nothing was done. A call that the engine chokes on must take no other with it.
      if (!(error instanceof StoreUnavailableError) && group.length > 1) {
        for (const one of group) await this.#perform([one]);
        return;
      }
      for (const { reject } of group) reject(error);
      if (error instanceof OverdueError) this.#rejectWaiting(error);
    }
  }

  /** Whoever waited behind a call that nobody answers has waited as long. */
  #rejectWaiting(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Nobody has answered for as long as a call may take. */
export class OverdueError extends StoreUnavailableError {
  /** Says only that. */
  constructor() {
    super("The store does not answer");
  }
}
