import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { type Store, StoreUnavailableError } from "../../lib/store/store.ts";

/** A store in memory without a Worker, so that it answers in microtasks and its time can be faked. */
export interface DirectStore extends Store, Disposable {
  /** Whether it does what it is asked, does not, or does so and then fails to say it. */
  state: "up" | "down" | "mute";
  /** The calls that came, by the name of the method. */
  readonly calls: string[];
}

/** Opens a {@linkcode DirectStore}. */
export function openDirectStore(): DirectStore {
  const database = new SqliteDatabase(":memory:", { sync: "normal", now: () => Date.now() });
  const own: Pick<DirectStore, "state" | "calls" | "searchable" | typeof Symbol.dispose> = {
    state: "up",
    calls: [],
    searchable: true,
    [Symbol.dispose]: () => database.close(),
  };
  return new Proxy(own as DirectStore, {
    get(_, name: keyof SqliteDatabase) {
      if (name in own) return Reflect.get(own, name);
      // deno-lint-ignore require-await
      return async (...args: unknown[]) => {
        own.calls.push(name);
        if (own.state === "down") throw new StoreUnavailableError("The store is down");
        const method = database[name] as (...args: unknown[]) => unknown;
        const answer = database.transact("write", () => method.apply(database, args));
        if (own.state === "mute") throw new StoreUnavailableError("The answer is lost");
        return answer;
      };
    },
  });
}
