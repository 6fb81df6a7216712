import { type Answer, type Call, END, type Failure, type Method } from "./sqlite_calls.ts";
import { type Store, StoreUnavailableError } from "./store.ts";

/** The most calls that are posted together: the rest of a long queue follows with the next answer. */
const MAX_BATCH = 512;

/**
 * How many batches are under way at once. What waits at the Worker is its next transaction, and what waits here misses it: where
 * a commit takes 5 ms, an acknowledgement takes 18 ms with two batches, and 13 ms with so many that none waits here.
 */
const WINDOW = 16;

/** How often it is looked whether the Worker answers, in milliseconds. */
const LOOK_MS = 3_000;
/** In how many looks it may have said nothing: 12 to 15 s, where the engine itself waits 5 s for a lock. */
const SILENT_LOOKS = 5;

const OVERDUE = "The store does not answer";

interface Pending extends PromiseWithResolvers<unknown> {
  readonly call: Call;
}

/** Posted by a store that wants to search: the port over which it will, beside the one that it is posted over. */
export interface Searching {
  /** It is served like the other one. */
  readonly search: MessagePort;
}

/**
 * Calls the methods of the database that a Worker holds.
 *
 * Calls of one turn are posted together, and what comes while the Worker is busy is its next transaction. When it has
 * not answered for 15 s, calls reject until it does; once it has ended, they reject for good. A port tells nothing of
 * the death of its other end (Deno 2.9.6).
 */
export class SqliteCaller {
  readonly #port: MessagePort;
  readonly #maxBatch: number;
  readonly #underWay: Pending[][] = [];
  #waiting: Pending[] = [];
  /** Runs while batches are under way. A timer for each of them would cost more than the batch. */
  #looking: ReturnType<typeof setInterval> | undefined;
  #silentLooks = 0;
  #isOverdue = false;
  #end: string | undefined;

  /** `port` is served by the Worker, and becomes the caller's own. Calls that take long are answered sooner in a `maxBatch` of few. */
  constructor(port: MessagePort, { maxBatch = MAX_BATCH } = {}) {
    this.#port = port;
    this.#maxBatch = maxBatch;
    port.onmessage = ({ data }: MessageEvent<string | typeof END>) => {
      if (data === END) this.fail("The store's Worker has ended");
      else this.#settle(JSON.parse(data));
    };
  }

  /** Calls a method. Rejects with {@linkcode StoreUnavailableError} when no answer can be had. */
  call<M extends Method>(method: M, ...args: Parameters<Store[M]>): ReturnType<Store[M]> {
    const pending: Pending = { call: { method, args }, ...Promise.withResolvers<unknown>() };
    const reason = this.#end ?? (this.#isOverdue ? OVERDUE : undefined);
    if (reason !== undefined) {
      pending.reject(new StoreUnavailableError(reason));
    } else {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#post());
      this.#waiting.push(pending);
    }
    return pending.promise as ReturnType<Store[M]>;
  }

  /** Another caller at the same Worker for searches, which take long and hold up no other call. */
  searcher(): SqliteCaller {
    const { port1: ours, port2: search } = new MessageChannel();
    this.#port.postMessage({ search } satisfies Searching, [search]);
    return new SqliteCaller(ours, { maxBatch: 1 });
  }

  /** Rejects all calls from now on, for the reason given: the Worker is gone. */
  fail(reason: string): void {
    this.#end ??= reason;
    this.#stopLooking();
    this.#rejectAll(reason);
  }

  /** Waits for the answers to the calls that were made, and gives the port back. */
  async close(): Promise<void> {
    this.#end ??= "The store is closed";
    await Promise.allSettled(this.#pending().map(({ promise }) => promise));
    this.#stopLooking();
    this.#port.postMessage(END);
    this.#port.close();
  }

  #post(): void {
    while (this.#waiting.length > 0 && this.#underWay.length < WINDOW) {
      const batch = this.#waiting.splice(0, this.#maxBatch);
      this.#underWay.push(batch);
      this.#port.postMessage(JSON.stringify(batch.map(({ call }) => call)));
      this.#looking ??= setInterval(() => this.#look(), LOOK_MS);
    }
  }

  #settle(answers: readonly Answer[]): void {
    // Answers come in the order of the batches, those to batches that were given up too.
    const batch = this.#underWay.shift()!;
    this.#isOverdue = false;
    this.#silentLooks = 0;
    batch.forEach(({ resolve, reject }, index) => {
      const answer = answers[index]!;
      if ("error" in answer) reject(toError(answer));
      else resolve(answer.value);
    });
    this.#post();
  }

  #look(): void {
    if (this.#underWay.length === 0) return this.#stopLooking();
    this.#silentLooks++;
    if (this.#silentLooks < SILENT_LOOKS) return;
    this.#stopLooking();
    this.#isOverdue = true;
    this.#rejectAll(OVERDUE);
  }

  #stopLooking(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
    this.#silentLooks = 0;
  }

  #rejectAll(reason: string): void {
    for (const { reject } of this.#pending()) reject(new StoreUnavailableError(reason));
    this.#waiting = [];
  }

  #pending(): Pending[] {
    return [...this.#underWay.flat(), ...this.#waiting];
  }
}

function toError({ error, engine }: Failure): Error {
  return engine ? new StoreUnavailableError(error) : new Error(error);
}
