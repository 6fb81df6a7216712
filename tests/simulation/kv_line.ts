import { type Kv, KvDatabase } from "../../lib/store/kv_database.ts";
import { KvStore } from "../../lib/store/kv_store.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import type { Draft } from "../../lib/model/change.ts";
import type { Gate } from "./gate.ts";
import type { KvTruth } from "./kv_truth.ts";
import { type Line, MAX_REMOVED } from "./truth.ts";
import type { World } from "./world.ts";

/** A call of the store takes several requests, so each of them is late by a part of what a call may be. */
const REQUESTS_A_CALL = 4;

/**
 * How an instance reaches the one Deno KV database: each request of its store is late and may fail, so that commits of
 * several instances overtake each other, as they do where they run.
 */
export class KvLine implements Line {
  /** The store as the instance sees it. */
  readonly store: Store;
  /** Whether the database is out of reach. */
  cut = false;
  readonly #world: World;
  readonly #instance: string;
  readonly #gate: Gate;
  readonly #truth: KvTruth;
  readonly #underWay = new Set<(error: Error) => void>();

  /** All that goes to the database, and all that comes from it, passes the gate of the instance. */
  constructor(world: World, instance: string, gate: Gate, truth: KvTruth) {
    this.#world = world;
    this.#instance = instance;
    this.#gate = gate;
    this.#truth = truth;
    const store = new KvStore(new KvDatabase(this.#kv()), { maxRemoved: MAX_REMOVED });
    const append = store.append.bind(store);
    store.append = (drafts) => this.#append(append, drafts);
    this.store = store;
  }

  /** Whatever was asked for is not answered any more. */
  end(): void {
    for (const reject of this.#underWay) reject(new Error("It is dead"));
  }

  async #append(append: Store["append"], drafts: readonly Draft[]) {
    for (const draft of drafts) this.#truth.heardOf(draft);
    try {
      return await append(drafts);
    } catch (error) {
      // Some of it may have been stored, and what comes behind it overtakes the rest.
      if (error instanceof StoreUnavailableError) {
        for (const one of drafts) this.#world.log.lose(one);
      }
      throw error;
    }
  }

  /** As much of a database as the store uses. */
  #kv(): Kv {
    return {
      getMany: (keys: Deno.KvKey[]) => this.#ask(() => this.#truth.getMany(keys)),
      list: (range: Deno.KvListSelector, options: Deno.KvListOptions) => this.#list(range, options),
      atomic: () => this.#atomic(),
      close: () => {},
    } as unknown as Kv;
  }

  async *#list(range: Deno.KvListSelector, options: Deno.KvListOptions) {
    const { batchSize = 100, limit = Infinity, reverse } = options;
    let cursor: string | undefined;
    for (let left = limit; left > 0;) {
      const size = Math.min(left, batchSize);
      const batch = await this.#ask(() =>
        this.#truth.list(range, { limit: size, batchSize: size, reverse, cursor })
      );
      yield* batch.entries;
      if (batch.entries.length < size) return;
      left -= size;
      cursor = batch.cursor;
    }
  }

  #atomic() {
    const [checks, mutations]: [Deno.AtomicCheck[], Deno.KvMutation[]] = [[], []];
    const operation = {
      check: (...more: Deno.AtomicCheck[]) => (checks.push(...more), operation),
      mutate: (...more: Deno.KvMutation[]) => (mutations.push(...more), operation),
      commit: () => this.#commit(checks, mutations),
    };
    return operation;
  }

  #commit(checks: Deno.AtomicCheck[], mutations: Deno.KvMutation[]) {
    const { faults, log, trace } = this.#world;
    let fate: ReturnType<typeof faults.fate>;
    return this.#ask(async () => {
      fate = faults.fate();
      if (fate === "not done") throw new Error("The commit came to nothing");
      const { epoch } = this.#truth;
      const result = await this.#truth.commit(checks, mutations, log);
      if (this.#truth.epoch !== epoch) trace.mask(this.#truth.epoch);
      trace.note(
        `${this.#instance} ${result.ok ? fate : "late"} ${toText(mutations)}`,
      );
      if (fate === "unknown") throw new Error("The answer was lost");
      return result;
    });
  }

  /** Has something asked of the database, late, and answered, late. */
  #ask<T>(what: () => Promise<T>): Promise<T> {
    const { clock } = this.#world;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#gate.locked) reject(new Error("It is dead"));
    this.#underWay.add(reject);
    const done = () => this.#underWay.delete(reject);
    promise.then(done, done);
    this.#gate.pass(() =>
      clock.after(this.#ms(), async () => {
        const asked = this.cut
          ? Promise.reject(new Error("out of reach"))
          : this.#truth.inTurn(what);
        const [answer] = await clock.hold(Promise.allSettled([asked]));
        clock.after(this.#ms(), () =>
          this.#gate.pass(() => {
            if (answer.status === "fulfilled") resolve(answer.value);
            else reject(answer.reason);
          }));
      })
    );
    return promise;
  }

  #ms(): number {
    return Math.floor(this.#world.faults.storeMs() / REQUESTS_A_CALL);
  }
}

/** What a commit writes, without the number of the store, whose key differs from run to run. */
function toText(mutations: readonly Deno.KvMutation[]): string {
  return JSON.stringify(
    mutations.filter(({ type }) => type !== "max"),
    (_, value) => value instanceof Deno.KvU64 ? String(value.value) : value,
  );
}
