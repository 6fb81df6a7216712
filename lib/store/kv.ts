import { type KvAddress, kvTarget } from "./kv_address.ts";
import { KvDatabase } from "./kv_database.ts";
import { KV_LIMITS, REMOTE_CHECKS } from "./kv_limits.ts";
import { KvStore } from "./kv_store.ts";
import { fileIdentity } from "./sqlite_file.ts";
import { type Store, StoreUnavailableError } from "./store.ts";

/** A store over Deno KV, and the database under it. */
export interface OpenedKv {
  /** The store. */
  readonly store: Store;
  /** What it keeps its data in, which is open as long as the store is. */
  readonly database: KvDatabase;
}

/**
 * Opens the store in a Deno KV database.
 *
 * Rejects with a {@linkcode StoreUnavailableError} if it cannot be reached, and with an `Error` of one sentence for the
 * person who runs the server if it cannot be used. A file must be held by the process: see `lockKvFile`.
 */
export async function openKv(address: KvAddress): Promise<OpenedKv> {
  const kv = await open(address);
  const checks = address.kind === "remote" ? REMOTE_CHECKS : KV_LIMITS.checks;
  const database = new KvDatabase(kv, checks);
  const store = new KvStore(database);
  try {
    await store.prepare(address.kind === "file" ? fileIdentity(address.path) : "");
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, database };
}

async function open(address: KvAddress): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(kvTarget(address));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (address.kind === "file") {
      throw new Error(`Cannot open the Deno KV file ${address.path}: ${reason}`, { cause: error });
    }
    // Nothing is asked of a platform's database yet when it is opened: it is there, or it is not.
    if (address.kind === "platform") {
      throw new Error(`There is no Deno KV database: ${reason}`, { cause: error });
    }
    throw new StoreUnavailableError(`Deno KV cannot be reached: ${reason}`, { cause: error });
  }
}
