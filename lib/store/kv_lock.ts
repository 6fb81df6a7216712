import { DatabaseSync } from "node:sqlite";
import { makeFile } from "./sqlite_file.ts";

/**
 * Holds a Deno KV file for this process, until it is disposed of or the process ends, however that is.
 *
 * Processes could share the file, but none would be told of what another one writes. Throws an `Error` of one sentence for
 * the person who runs the server if another process holds it. The lock lies beside the file, in
 * which SQLite has locks of its own.
 */
export function lockKvFile(path: string): Disposable {
  try {
    makeFile(path);
    // An empty database, as Deno 2.5 cannot try for the lock of a file without waiting for it.
    const lock = new DatabaseSync(`${path}.lock`);
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return { [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = reason.includes("database is locked")
      ? " as another process uses it: end that one first, or set PARLEY_STORE to a store that processes share"
      : `: ${reason}`;
    throw new Error(`Cannot open the Deno KV file ${path}${problem}`, { cause: error });
  }
}
