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
