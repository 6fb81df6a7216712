import { answerCalls, type Method, MODES } from "../../lib/store/sqlite_calls.ts";
import type { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";
import type { Draft } from "../../lib/model/change.ts";
import type { Appended } from "../../lib/store/store.ts";
import type { Gate } from "./gate.ts";
import type { World } from "./world.ts";

/** How an instance reaches the one database: late, and not always. Its calls are done in the order in which it makes them. */
export class StoreLine {
  readonly #world: World;
  readonly #instance: string;
  readonly #gate: Gate;
  readonly #database: () => SqliteDatabase;
  readonly #underWay = new Set<Promise<unknown>>();
  #reachesAt = 0;
  #answersAt = 0;
  #closed = false;
  /** Whether the database is out of reach. */
  cut = false;

  /** All that goes to the database, and all that comes from it, passes the gate of the instance. */
  constructor(world: World, instance: string, gate: Gate, database: () => SqliteDatabase) {
    this.#database = database;
    this.#world = world;
    this.#instance = instance;
    this.#gate = gate;
  }

  /** The store as the instance sees it. */
  get store(): Store {
    const methods = Object.keys(MODES).map((method) => [
      method,
      (...args: unknown[]) => this.#call(method as Method, args),
    ]);
    return { ...Object.fromEntries(methods), searchable: true, close: () => this.#close() };
  }

  #call(method: Method, args: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError("The store is closed"));
    const { clock, random } = this.#world;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#underWay.add(promise);
    this.#gate.pass(() =>
      clock.after(this.#msToReach(), () => {
        const answer = this.#do(method, args);
        clock.after(this.#msToAnswer(), () =>
          this.#gate.pass(async () => {
            this.#underWay.delete(promise);
            // Answers that come together are heard of in the order that the implementation of each method makes.
            for (let turns = random.integer(0, 2); turns > 0; turns--) await undefined;
            if (answer instanceof Error) reject(answer);
            else resolve(answer.value);
          }));
      })
    );
    return promise;
  }

  #do(method: Method, args: unknown[]): { readonly value: unknown } | Error {
    const { faults, log, trace } = this.#world;
    const fate = this.cut ? "not done" : faults.fate();
    trace.note(`${this.#instance} ${method} ${fate} ${JSON.stringify(args)}`);
    const drafts = method === "append" ? args[0] as Draft[] : [];
    if (fate === "not done") {
      for (const draft of drafts) log.lose(draft);
      return new StoreUnavailableError("The call came to nothing");
    }
    const [answer] = answerCalls(this.#database(), [{ method, args: args as never }]);
    if (!answer || "error" in answer) throw new Error(`Cannot ${method}: ${answer?.error}`);
    drafts.forEach((draft, index) => log.add(draft, (answer.value as Appended[])[index]!));
    return fate === "unknown" ? new StoreUnavailableError("The answer was lost") : answer;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }

  #msToReach(): number {
    const { clock, faults } = this.#world;
    this.#reachesAt = Math.max(this.#reachesAt, clock.now + faults.storeMs());
    return this.#reachesAt - clock.now;
  }

  #msToAnswer(): number {
    const { clock, faults } = this.#world;
    const at = clock.now + faults.storeMs();
    if (!faults.storeAnswersInOrder) return at - clock.now;
    this.#answersAt = Math.max(this.#answersAt, at);
    return this.#answersAt - clock.now;
  }
}
