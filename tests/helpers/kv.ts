import { type Kv, KvDatabase } from "../../lib/store/kv_database.ts";
import { KvStore, type KvStoreOptions } from "../../lib/store/kv_store.ts";
import type { TestDatabase } from "../store/contract.ts";

/** A handle to a database that several of a test share: to close it leaves that as it is. */
export function shared(kv: Kv): Kv {
  return {
    getMany: (...args: Parameters<Deno.Kv["getMany"]>) => kv.getMany(...args),
    list: (...args: Parameters<Deno.Kv["list"]>) => kv.list(...args),
    atomic: () => kv.atomic(),
    watch: (...args: Parameters<Deno.Kv["watch"]>) => kv.watch(...args),
    close: () => {},
  } as Kv;
}

/** What becomes of a commit: it is done, lost on its way, done without a word, or others were quicker. */
export type Fate = "done" | "lost" | "unanswered" | "late";

/** What becomes of a commit that would make these changes, and rests on so many checks. */
export type Decide = (
  mutations: readonly Deno.KvMutation[],
  checks: number,
) => Fate | Promise<Fate>;

/** A handle to a database whose commits go as they are told to. */
export function faulty(kv: Kv, fate: Decide): Kv {
  return {
    ...shared(kv),
    atomic: () => new FaultyCommit(kv.atomic(), fate) as unknown as Deno.AtomicOperation,
  };
}

/** As much of a commit as the store uses. */
class FaultyCommit {
  readonly #operation: Deno.AtomicOperation;
  readonly #fate: Decide;
  readonly #mutations: Deno.KvMutation[] = [];
  #checks = 0;

  constructor(
    operation: Deno.AtomicOperation,
    fate: Decide,
  ) {
    this.#operation = operation;
    this.#fate = fate;
  }

  check(...checks: Deno.AtomicCheck[]): this {
    this.#checks += checks.length;
    this.#operation.check(...checks);
    return this;
  }

  mutate(...mutations: Deno.KvMutation[]): this {
    this.#mutations.push(...mutations);
    this.#operation.mutate(...mutations);
    return this;
  }

  async commit(): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    const fate = await this.#fate(this.#mutations, this.#checks);
    if (fate === "late") return { ok: false };
    const result = fate === "lost" ? undefined : await this.#operation.commit();
    if (fate === "done") return result!;
    throw new Error("connection reset");
  }
}

/** Opens a store over a database as an instance would. */
export async function openStore(kv: Kv, options?: KvStoreOptions): Promise<KvStore> {
  const store = new KvStore(new KvDatabase(kv), options);
  await store.prepare();
  return store;
}

/** A database in memory that one test has to itself. */
export async function inMemory(
  open: (kv: Kv) => Promise<KvStore> = openStore,
): Promise<TestDatabase & { readonly kv: Deno.Kv }> {
  const kv = await Deno.openKv(":memory:");
  return {
    kv,
    open: () => open(shared(kv)),
    [Symbol.asyncDispose]() {
      kv.close();
      return Promise.resolve();
    },
  };
}

/** A database in a file that one test has to itself; each handle is one of its own. */
export async function inFile(): Promise<TestDatabase & { readonly path: string }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/parley.db`;
  const files = ["", "-wal", "-shm"];
  return {
    path,
    open: async () => await openStore(await Deno.openKv(path)),
    async keep() {
      for (const file of files) await copy(path + file, `${path}.kept${file}`);
      return async () => {
        for (const file of files) await copy(`${path}.kept${file}`, path + file);
      };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Puts a copy of a file in the place of another one, or nothing where there is none. */
async function copy(from: string, to: string): Promise<void> {
  try {
    await Deno.copyFile(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.remove(to).catch(() => {});
  }
}
